// Package status is what a running gateway tells of the traffic it sees: who is refused and why, which configured origins
// never came, and who would be refused under a shadow policy. The gateway answers it in JSON on its administration listener;
// concors status asks for it and shows it.
package status

import "time"

// Path is where a gateway's administration listener answers a GET with a [Status] in JSON.
const Path = "/concors/status"

// A Status is what a gateway saw since Since. Counts are of requests.
type Status struct {
	// Since is when the gateway, or its configuration but for policies and routes, was started. Decisions are counted from then
	// on; Refused and Differing begin anew whenever the policy file is read again.
	Since time.Time `json:"since"`
	Now   time.Time `json:"now"`

	Routes    []Route     `json:"routes"`
	Upstreams []Upstream  `json:"upstreams"`
	Refused   []Refused   `json:"refused"`   // those seen most often first
	Unseen    []Unseen    `json:"unseen"`    // the configured origins that never came
	Differing []Differing `json:"differing"` // those seen most often first
}

// A Route is what was decided for the requests of a route.
type Route struct {
	Route     string     `json:"route"` // its methods, host, path and headers
	Policy    string     `json:"policy"`
	Shadow    string     `json:"shadow"`
	Decisions []Decision `json:"decisions"`
}

// A Decision is how often one thing was decided.
type Decision struct {
	Kind    string `json:"kind"`    // preflight, actual or not-cors
	Outcome string `json:"outcome"` // allowed or refused
	Reason  string `json:"reason"`  // of a refusal
	Count   uint64 `json:"count"`
}

// The values of [Decision.Outcome].
const (
	OutcomeAllowed = "allowed"
	OutcomeRefused = "refused"
)

// An Upstream is a server behind the gateway.
type Upstream struct {
	Address  string `json:"address"`
	Healthy  bool   `json:"healthy"`  // as far as checks and failures tell
	Requests int    `json:"requests"` // in flight
	Fails    int    `json:"fails"`    // lately
}

// Refused is a page whose requests were refused.
type Refused struct {
	Origin string `json:"origin"`
	Route  string `json:"route"`
	Policy string `json:"policy"`
	Reason string `json:"reason"`
	Why    string `json:"why"` // in a sentence, with what is nearest
	Seen
}

// Differing is a page to whom a shadow policy has another answer.
type Differing struct {
	Origin string `json:"origin"`
	Route  string `json:"route"`
	Shadow string `json:"shadow"`
	Change string `json:"change"`
	Reason string `json:"reason"` // of the one that refuses
	Why    string `json:"why"`
	Seen
}

// The values of [Differing.Change].
const (
	WouldRefuse = "would-refuse" // whom the shadow policy breaks
	WouldAllow  = "would-allow"
)

// Seen is how often something was seen. As the gateway keeps the most frequent only, something may have been seen before
// and forgotten; Count is then too high, by AtMost at the most.
type Seen struct {
	Count  uint64    `json:"count"`
	AtMost uint64    `json:"overcounted_by_at_most"`
	Last   time.Time `json:"last"`
}

// Unseen is an origin, or a pattern, of a policy that serves, whose pages made no request that was allowed.
type Unseen struct {
	Policy string `json:"policy"`
	Origin string `json:"origin"`
}
