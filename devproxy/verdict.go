package devproxy

import (
	"net/http"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

// answers is the network of a verdict: what the API is known to have said to the page. It is asked only for the first URL; a
// redirect is followed by the page's browser, which comes back with a request of its own.
type answers struct {
	preflight, request *fetch.Response // nil for one that is not known
}

// Do implements [fetch.Network].
func (a *answers) Do(sent *fetch.Sent) (fetch.Response, error) {
	answer := a.request
	if sent.Kind == fetch.KindPreflight {
		answer = a.preflight
	}
	if answer == nil || sent.Hop > 0 {
		return fetch.Response{}, fetch.ErrUnsent
	}
	return *answer, nil
}

// judge explains what the page would have got from the API itself, had it asked that. Nothing is guessed: it is silent about
// requests that CORS has no part in, or whose mode says so, and leaves open what the API was not asked as the page.
func (p *Proxy) judge(t *task) {
	h := t.in.Header
	if mode := h.Get(header.SecFetchMode); !t.ofPage || t.exchange.Preflight || isUpgrade(h) || mode != "" && mode != string(fetch.ModeCORS) {
		return
	}
	request := fetch.Request{URL: p.api.String() + t.in.RequestURI, Method: t.in.Method, Credentials: fetch.CredentialsSameOrigin}
	known := answers{request: t.answer}
	if a := p.preflights.find(preflightKey{t.page.String(), t.in.Method, t.in.RequestURI}, h); a != nil {
		known.preflight = &a.response
		request.UploadListener = len(a.names) == 0
		for _, name := range a.names {
			// The spelling is lost on the way; this is the usual one.
			request.Header.Append(http.CanonicalHeaderKey(name), strings.Join(h.Values(name), ", "))
		}
	}
	// Cookies go along with credentials alone; without any, the page may have asked for them all the same.
	told := h.Get(header.Cookie) != ""
	if told {
		request.Credentials = fetch.CredentialsInclude
	}
	e, err := p.explain(t, &request, &known)
	if err == nil && !told && e.Trace.Failure == nil {
		with := request
		with.Credentials = fetch.CredentialsInclude
		if other, err := p.explain(t, &with, &known); err == nil && other.Trace.Failure != nil {
			e, t.exchange.IfCredentialed = other, true
		}
	}
	if err == nil {
		t.exchange.Explanation = &e
	}
}

func (p *Proxy) explain(t *task, request *fetch.Request, known *answers) (explain.Explanation, error) {
	page, err := fetch.NewPage(t.page.String())
	if err != nil {
		return explain.Explanation{}, err
	}
	return explain.Fetch(&page, request, p.config.Browser, known, p.config.ShowSecrets)
}
