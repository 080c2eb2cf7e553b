package explain

import (
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// A Result is what explain --json prints, documented in docs/json.md. Make one with [NewResult].
type Result struct {
	Browser   string           `json:"browser"`
	Fetches   []FetchResult    `json:"fetches"`
	Recording *RecordingResult `json:"recording,omitempty"` // there for a recording
}

// A FetchResult is one fetch of a [Result].
type FetchResult struct {
	Request         RequestResult         `json:"request"`
	Page            string                `json:"page"` // its origin; empty where a message does not tell it
	Outcome         fetch.Outcome         `json:"outcome"`
	CORS            fetch.CORSKind        `json:"cors"`
	CORSNoneReason  string                `json:"cors_none_reason,omitempty"`
	Sent            []SentResult          `json:"sent"`
	PreflightCached bool                  `json:"preflight_cached"`
	Failure         *FailureResult        `json:"failure"`
	Response        *ResponseResult       `json:"response"`
	Cookies         []CookieResult        `json:"cookies,omitempty"` // there when the environment has cookies
	Warnings        []Warning             `json:"warnings"`
	Fixes           []Fix                 `json:"fixes"`
	Notes           []string              `json:"notes"`
	UnusedResponses int                   `json:"unused_responses"`
	Steps           []StepResult          `json:"steps,omitempty"`
	Message         *ConsoleMessageResult `json:"message,omitempty"` // there when the explanation is of a message
	*RecordedResult                       // there for a request that a browser recorded
}

// A RequestResult names a request.
type RequestResult struct {
	Method string `json:"method"`
	URL    string `json:"url"` // secrets masked, unless they are shown
}

// A SentResult is one request as it left the browser.
type SentResult struct {
	Kind        fetch.Kind  `json:"kind"`
	Method      string      `json:"method"`
	URL         string      `json:"url"`
	Headers     [][2]string `json:"headers"`
	Credentials bool        `json:"credentials"`
	AnsweredBy  []Layer     `json:"answered_by"`
}

// A FailureResult is what ended a fetch.
type FailureResult struct {
	ID      fetch.FailureID `json:"id"`
	Hop     int             `json:"hop"`
	On      fetch.On        `json:"on"`
	Step    StepRef         `json:"step"`
	Why     string          `json:"why"`
	Console Console         `json:"console"`
}

// A ConsoleMessageResult is the message that an explanation is made from.
type ConsoleMessageResult struct {
	Engine     string   `json:"engine"`
	Text       string   `json:"text"`
	Wording    string   `json:"wording"`
	Historic   bool     `json:"historic"`
	Candidates []string `json:"candidates"`
}

// A StepRef names a step of the Standard.
type StepRef struct {
	Algorithm string `json:"algorithm"`
	Number    string `json:"number"`
	URL       string `json:"url"`
}

// A ResponseResult is the response as the page sees it.
type ResponseResult struct {
	Type    string   `json:"type"`
	Status  int      `json:"status"`
	URL     string   `json:"url"`
	Visible []string `json:"visible_headers"`
	Hidden  []string `json:"hidden_headers"`
}

// A CookieResult tells whether a cookie of the environment went along with a request.
type CookieResult struct {
	Name   string             `json:"name"`
	Hop    int                `json:"hop"`
	Sent   bool               `json:"sent"`
	Reason fetch.CookieReason `json:"reason"`
}

// A StepResult is one step that the browser took.
type StepResult struct {
	StepRef
	Hop     int               `json:"hop"`
	Outcome fetch.StepOutcome `json:"outcome"`
	What    string            `json:"what"`
	Got     string            `json:"got"`
	Want    string            `json:"want"`
}

// NewResult makes the result of explanations in a browser; steps come with it if asked for.
func NewResult(browser string, list []Explanation, steps bool) Result {
	r := Result{Browser: browser, Fetches: make([]FetchResult, 0, len(list))}
	for i := range list {
		r.Fetches = append(r.Fetches, newFetchResult(&list[i], steps))
	}
	return r
}

func newFetchResult(e *Explanation, steps bool) FetchResult {
	t := e.Trace
	r := FetchResult{
		Outcome: t.Outcome, CORS: t.CORS, PreflightCached: t.PreflightCached, UnusedResponses: e.Unused,
		RecordedResult: newRecordedResult(e), Notes: append([]string{}, e.Notes...), Request: RequestResult{methodOf(t), urlOf(t)},
		Sent: []SentResult{}, Warnings: append([]Warning{}, e.Warnings...), Fixes: append([]Fix{}, e.Fixes...),
	}
	if t.Page != nil {
		r.Page = t.Page.Origin.String()
	}
	if t.CORS == fetch.CORSNone {
		r.CORSNoneReason = t.CORSNoneReason
	}
	for i := range t.Sent {
		s := newSentResult(&t.Sent[i])
		if i < len(e.Answered) {
			s.AnsweredBy = append(s.AnsweredBy, e.Answered[i]...)
		}
		r.Sent = append(r.Sent, s)
	}
	if f := t.Failure; f != nil {
		r.Failure = &FailureResult{
			ID: f.ID, Hop: f.Hop, On: f.On, Step: StepRef{f.Algorithm, f.Number, f.StepURL()}, Why: e.Why, Console: e.Console,
		}
		if f.Algorithm == "" {
			r.Failure.Step.URL = "" // only a message tells of it
		}
	}
	if m := e.Message; m != nil {
		r.Message = &ConsoleMessageResult{m.Engine, m.Text, m.Wording, m.Historic, append([]string{}, m.Candidates...)}
	}
	if p := t.Response; p != nil {
		r.Response = &ResponseResult{
			Type: p.Type, Status: p.Status, URL: p.URL, Visible: append([]string{}, p.Visible...), Hidden: append([]string{}, p.Hidden...),
		}
	}
	for _, c := range t.Cookies {
		r.Cookies = append(r.Cookies, CookieResult(c))
	}
	if steps {
		for _, s := range t.Steps {
			r.Steps = append(r.Steps, StepResult{
				StepRef: StepRef{s.Algorithm, s.Number, specURL(s.Algorithm)},
				Hop:     s.Hop, Outcome: s.Outcome, What: s.What, Got: stepText(&s, s.Got), Want: stepText(&s, s.Want),
			})
		}
	}
	return r
}

func newSentResult(s *fetch.Sent) SentResult {
	return SentResult{Kind: s.Kind, Method: s.Method, URL: s.URL, Headers: pairs(s.Header), Credentials: s.Credentials, AnsweredBy: []Layer{}}
}

// pairs is a header list in JSON: each character of a value stands for one byte.
func pairs(list header.List) [][2]string {
	out := make([][2]string, 0, len(list))
	for _, field := range list {
		out = append(out, [2]string{field.Name, latin1(field.Value)})
	}
	return out
}

// AnyBlocked reports whether a page was refused in any of the explanations: the outcome is blocked, prompt or invalid.
func AnyBlocked(list []Explanation) bool {
	for i := range list {
		switch list[i].Trace.Outcome {
		case fetch.Blocked, fetch.Prompt, fetch.Invalid:
			return true
		}
	}
	return false
}
