package stacks_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
)

// An example is a server of configuration that a rule is about: it gets what the model of a browser sends, whatever host that is
// for.
type example struct {
	client *http.Client
	addr   string
}

// exampleAt is the example that listens at an address. An answer for which it needs longer than a time is none; zero does not
// bound it.
func exampleAt(t *testing.T, addr string, within time.Duration) *example {
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       within,
	}
	t.Cleanup(client.CloseIdleConnections)
	return &example{client, addr}
}

// Do implements [fetch.Network].
func (e *example) Do(sent *fetch.Sent) (fetch.Response, error) {
	u, err := url.Parse(sent.URL)
	if err != nil {
		return fetch.Response{}, err
	}
	req, err := http.NewRequest(sent.Method, "http://"+e.addr+u.RequestURI(), http.NoBody)
	if err != nil {
		return fetch.Response{}, err
	}
	req.Host = u.Host
	for _, f := range sent.Header {
		req.Header.Add(f.Name, f.Value)
	}
	res, err := e.client.Do(req)
	if err != nil {
		return fetch.Response{}, err
	}
	defer res.Body.Close()
	var list header.List
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		for _, value := range res.Header[name] {
			list.Append(name, value)
		}
	}
	return fetch.Response{Status: res.StatusCode, Header: list}, nil
}

// ask has a page ask an example.
func ask(e *example, profile fetch.Profile, q policyfile.Question) (*fetch.Trace, error) {
	page, err := fetch.NewPage(q.Origin)
	if err != nil {
		return nil, err
	}
	request := &fetch.Request{URL: q.Target, Method: q.Method, Credentials: fetch.CredentialsOmit}
	if q.Credentials {
		request.Credentials = fetch.CredentialsInclude
	}
	for _, name := range q.Headers {
		request.Header.Append(name, "1")
	}
	return fetch.NewBrowser(profile).Fetch(&page, request, e, 0)
}

func shown(trace *fetch.Trace) string {
	var b strings.Builder
	for _, s := range trace.Sent {
		fmt.Fprintf(&b, "%s %v -> %d %v; ", s.Method, s.Header, s.Response.Status, s.Response.Header)
	}
	return b.String()
}
