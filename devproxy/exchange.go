package devproxy

import (
	"encoding/json"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// An Exchange is one request that came to a proxy, and what became of it. Its strings can hold any bytes that came.
type Exchange struct {
	Method   string
	Target   string        // path and query; secrets are masked unless they are to be shown
	Page     string        // the origin of the page that made it; empty if none of the pages did, or it is not told
	Status   int           // that was answered; 0 if nobody waited for it
	Duration time.Duration // until the response began

	Preflight bool // answered here, when the API had been asked too
	Repeated  bool // the API turned the page away, and was asked again as from a page of its own

	// Explanation is what the page would have got from the API itself. Nil where CORS has no part in the request, or nothing
	// is known. Its outcome is unsent where the answer to the request itself is not known.
	Explanation *explain.Explanation

	// IfCredentialed says that the explanation is of a request with credentials: the page may have made it so, though there
	// were no cookies to tell, and without it would not be refused.
	IfCredentialed bool

	Notes []string // what else there is to know, a sentence each
}

// Refused reports whether the API would have refused the page.
func (x *Exchange) Refused() bool { return x.Explanation != nil && x.Explanation.Trace.Failure != nil }

// tell completes the exchange of a task and reports it.
func (p *Proxy) tell(t *task, status int) {
	if p.config.Report == nil {
		return
	}
	x := &t.exchange
	x.Method, x.Target, x.Status, x.Duration = t.in.Method, t.in.RequestURI, status, time.Since(t.begun)
	if !p.config.ShowSecrets {
		x.Target = masked(x.Target)
	}
	p.judge(t)
	p.report.Lock()
	defer p.report.Unlock()
	p.config.Report(x)
}

// masked masks secrets in a URL, by the rules of explanations.
func masked(url string) string {
	return explain.Mask(&fetch.Trace{Request: &fetch.Request{URL: url}}).Request.URL
}

// MarshalJSON implements [json.Marshaler]; docs/json.md documents the object.
func (x *Exchange) MarshalJSON() ([]byte, error) {
	type result struct {
		Method         string               `json:"method"`
		Target         string               `json:"target"`
		Page           string               `json:"page"`
		Status         int                  `json:"status"`
		Milliseconds   int64                `json:"milliseconds"`
		Preflight      bool                 `json:"preflight"`
		Repeated       bool                 `json:"repeated"`
		IfCredentialed bool                 `json:"if_credentialed"`
		Direct         *explain.FetchResult `json:"direct"`
		Notes          []string             `json:"notes"`
	}
	r := result{
		x.Method, x.Target, x.Page, x.Status, x.Duration.Milliseconds(), x.Preflight, x.Repeated, x.IfCredentialed, nil,
		append([]string{}, x.Notes...),
	}
	if x.Explanation != nil {
		r.Direct = &explain.NewResult(x.Explanation.Trace.Browser, []explain.Explanation{*x.Explanation}, false).Fetches[0]
	}
	return json.Marshal(r)
}
