package verify

import (
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

// A Result is what came of a run, as concors verify --json prints it; docs/json.md documents it. Its texts show what a server
// sent: whoever prints them escapes them.
type Result struct {
	URL         string        `json:"url"`
	Checks      []CheckResult `json:"checks"`       // in the order of the plan
	NotVerified []NotVerified `json:"not_verified"` // what could not be seen
	Pass        int           `json:"pass"`
	Fail        int           `json:"fail"`

	// Unanswered is how many checks could not be carried out, of those that are not verified: the server did not answer, or
	// the time was up.
	Unanswered int `json:"unanswered"`
}

// A CheckResult is one expectation and what came of it.
type CheckResult struct {
	Name     string     `json:"name"` // stable
	Pass     bool       `json:"pass"`
	Got      string     `json:"got"`
	Want     string     `json:"want"`
	Why      string     `json:"why"`     // of a failure; else empty
	Fix      string     `json:"fix"`     // likewise
	Warning  string     `json:"warning"` // what the server does otherwise, and harms nobody; else empty
	Exchange []Exchange `json:"exchange"`
}

// An Exchange is one request and its answer. Secrets are masked, unless they are to be shown.
type Exchange struct {
	Kind            fetch.Kind         `json:"kind"`
	Method          string             `json:"method"`
	URL             string             `json:"url"`
	RequestHeaders  [][2]string        `json:"request_headers"` // what CORS and the page have in it
	Status          int                `json:"status"`          // 0 when no response came
	ResponseHeaders [][2]string        `json:"response_headers"`
	Error           fetch.NetworkError `json:"error,omitempty"` // why no response came
}

// NotVerified is something that a run could not see, and why.
type NotVerified struct {
	Name       string `json:"name"`
	Reason     string `json:"reason"`
	Unanswered bool   `json:"unanswered"` // it is a check that could not be carried out
}

// Passed reports whether every check was carried out and passed.
func (r *Result) Passed() bool { return r.Fail == 0 && r.Unanswered == 0 }

// result puts the outcome of a check into words.
func (c *check) result(v *verdict, sent []fetch.Sent, showSecrets bool) CheckResult {
	shown := &fetch.Trace{Sent: sent}
	if !showSecrets {
		shown = explain.Mask(shown)
	}
	r := CheckResult{Name: c.name, Pass: v.pass, Got: v.got, Want: c.want, Why: v.why, Fix: v.fix, Warning: v.warning, Exchange: exchanges(shown.Sent)}
	if v.trace == nil || v.trace.Failure == nil {
		return r
	}
	failed := v.trace
	if !showSecrets {
		failed = explain.Mask(failed)
	}
	e := explain.Of(failed)
	r.Why = e.Why
	if len(e.Fixes) > 0 {
		r.Fix = e.Fixes[0].Title
	}
	return r
}

// The bounds of what is shown of a response.
const (
	mostLines    = 64
	longestValue = 2000
)

func exchanges(sent []fetch.Sent) []Exchange {
	list := make([]Exchange, 0, len(sent))
	for i := range sent {
		s := &sent[i]
		list = append(list, Exchange{
			Kind: s.Kind, Method: s.Method, URL: s.URL, RequestHeaders: pairs(s.Header),
			Status: s.Response.Status, ResponseHeaders: pairs(s.Response.Header), Error: s.Response.Error,
		})
	}
	return list
}

// pairs are names and values, as many as anybody looks at. Each byte of a value is a character of its own.
func pairs(list header.List) [][2]string {
	out := [][2]string{}
	for i, f := range list {
		if i == mostLines {
			break
		}
		value := f.Value
		if len(value) > longestValue {
			value = value[:longestValue] + "..."
		}
		out = append(out, [2]string{asCharacters(f.Name), asCharacters(value)})
	}
	return out
}

func asCharacters(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}
