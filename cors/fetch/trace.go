package fetch

import "github.com/concors/concors/cors/header"

// Outcome is what a fetch comes to for the page.
type Outcome string

// The outcomes.
const (
	Allowed Outcome = "allowed" // script can read the response
	Opaque  Outcome = "opaque"  // it worked, and is unreadable by design
	Blocked Outcome = "blocked" // a network error
	Prompt  Outcome = "prompt"  // the browser would ask the user first
	Invalid Outcome = "invalid" // the request cannot be made; script throws
	Unsent  Outcome = "unsent"  // all passed up to a request that the network was told not to send
)

// CORSKind tells whether a fetch was a CORS request, and of which kind.
type CORSKind string

// The kinds.
const (
	CORSNone      CORSKind = "none"
	CORSSimple    CORSKind = "simple"
	CORSPreflight CORSKind = "preflight" // a preflight was needed, even if the cache answered it
)

// The reasons why a fetch is not a CORS request.
const (
	NoneSameOrigin   = "same-origin"
	NoneNoCORS       = "no-cors"
	NoneNavigation   = "navigation"
	NoneWebSocket    = "websocket"
	NoneWebTransport = "webtransport"
	NoneDataURL      = "data-url"
)

// A Trace tells what one fetch did. It is the caller's.
type Trace struct {
	Browser string // the profile's name
	Request *Request
	Page    *Page

	Outcome        Outcome
	CORS           CORSKind
	CORSNoneReason string // when CORS is none and the request was one at all

	Sent            []Sent
	PreflightCached bool              // a preflight that was needed was answered from the cache
	Failure         *Failure          // nil when there is none
	Response        *FilteredResponse // what the page gets; nil when it gets none
	Cookies         []CookieReport    // one for each cookie of the page's environment and each request, in order
	Dropped         []string          // names of headers that the browser took away from the script, as written
	Steps           []Step
}

// A FilteredResponse is a response as the page sees it.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response
type FilteredResponse struct {
	Type    string      // "basic", "cors", "opaque", "opaqueredirect"
	Status  int         // 0 when the page cannot see it
	URL     string      // without fragment; empty when the page cannot see it
	Header  header.List // the whole response's; from the HTTP cache, or updated by a 304, where that is so
	Visible []string
	Hidden  []string // names that came and that script cannot read; both lower case, sorted
}

// A Step is one step of an algorithm that mattered: it decided something, or compared, or is left out of the model.
type Step struct {
	Algorithm string // dfn id in the Fetch Standard
	Number    string // the Standard's; empty for an algorithm without numbers
	Hop       int
	Outcome   StepOutcome
	What      string // in a few words
	Got, Want string // what was compared with what, where something was
}

// StepOutcome is how a step came out.
type StepOutcome string

// The step outcomes.
const (
	StepDone       StepOutcome = "done"
	StepPassed     StepOutcome = "passed"
	StepFailed     StepOutcome = "failed"
	StepUnmodelled StepOutcome = "unmodelled"
)

// tracer records the steps of one fetch; it is what the algorithms know of the trace.
type tracer struct {
	*Trace
	profile *Profile
	hop     int
	on      On
}

// step records that a step was taken.
func (t *tracer) step(algorithm, number, what string) {
	t.add(Step{Algorithm: algorithm, Number: number, Outcome: StepDone, What: what})
}

// passed records a comparison that went well; it returns true.
func (t *tracer) passed(algorithm, number, what, got, want string) bool {
	t.add(Step{Algorithm: algorithm, Number: number, Outcome: StepPassed, What: what, Got: got, Want: want})
	return true
}

// unmodelled records a step that the model leaves out.
func (t *tracer) unmodelled(algorithm, number, what string) {
	t.add(Step{Algorithm: algorithm, Number: number, Outcome: StepUnmodelled, What: what})
}

// fail records the step that ends the fetch and why; it returns false.
func (t *tracer) fail(algorithm, number string, f Failure) bool {
	f.Algorithm, f.Number, f.Hop = algorithm, number, t.hop
	if f.On == "" {
		f.On = t.on
	}
	t.add(Step{Algorithm: algorithm, Number: number, Outcome: StepFailed, What: string(f.ID), Got: f.Got, Want: f.Want})
	t.Failure = &f
	return false
}

func (t *tracer) add(s Step) {
	s.Hop = t.hop
	t.Steps = append(t.Steps, s)
}
