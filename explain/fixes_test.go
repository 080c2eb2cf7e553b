package explain_test

import (
	"testing"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

func TestFixes(t *testing.T) {
	for _, row := range []struct{ name, scenario, want string }{
		{"a simple request", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200}]`,
			`Send the header on every response of this path, errors and OPTIONS included.
The response:
  Access-Control-Allow-Origin: https://app.example
  Vary: Origin`},
		{"a preflight with credentials", `"request": {"url": "https://api.example/", "method": "PATCH", "headers": [["X-A", "1"]], "credentials": "include"},
			"responses": [{"status": 404}]`,
			`Send the header on every response of this path, errors and OPTIONS included.
The answer to OPTIONS, with status 204:
  Access-Control-Allow-Origin: https://app.example
  Access-Control-Allow-Credentials: true
  Vary: Origin
  Access-Control-Allow-Methods: PATCH
  Access-Control-Allow-Headers: x-a
The response itself:
  Access-Control-Allow-Origin: https://app.example
  Access-Control-Allow-Credentials: true
  Vary: Origin`},
		{"a page without an origin", `"page": "null", "request": {"url": "https://api.example/"}, "responses": [{"status": 200}]`,
			"The page's origin is null, which any sandboxed frame has, so a server that allows null allows everybody. Serve the page over http(s), or add allow-same-origin to its sandbox."},
		{"after a tainted redirect", `"request": {"url": "https://api.example/"}, "responses": [
			{"status": 302, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "https://b.example/x"]]},
			{"status": 200, "headers": [["Access-Control-Allow-Origin", "https://app.example"]]}]`,
			"Call the URL that the redirect leads to: then the request names the page's origin. Do not allow null. Here that is https://b.example/x."},
	} {
		t.Run(row.name, func(t *testing.T) {
			fixes := runOne(t, row.scenario).Fixes
			if len(fixes) == 0 {
				t.Fatal("got no fix")
			}
			if got := fixes[0].Text; got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

// What a fix says to send is what makes the fetch get past the step that failed, in every case that a change of headers can
// fix.
func TestFixesWork(t *testing.T) {
	fixed := map[fetch.FailureID]int{}
	for _, profile := range fetch.Profiles() {
		for _, c := range corpus.Cases() {
			traces, err := c.Run(profile)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			for _, trace := range traces {
				e := explain.Of(trace)
				for _, fix := range e.Fixes {
					if len(fix.Response) == 0 || len(trace.Sent) == 0 || trace.PreflightCached {
						continue // a response from the cache stays what it is
					}
					net := &mended{trace: trace, fix: fix}
					again, err := fetch.NewBrowser(profile).Fetch(trace.Page, trace.Request, net, 0)
					if err != nil {
						t.Errorf("%s in %s: %v", c.Name, profile.Name, err)
						continue
					}
					if f := again.Failure; f != nil && f.Hop <= trace.Failure.Hop && aboutHeaders(f.ID) {
						t.Errorf("%s in %s: after the fix %q: got %s on %s, want it past %s", c.Name, profile.Name, fix.Text, f.ID, f.On, trace.Failure.ID)
					}
					fixed[trace.Failure.ID]++
				}
			}
		}
	}
	if len(fixed) < 15 {
		t.Errorf("got fixes with headers for %v only", fixed)
	}
}

// aboutHeaders reports whether a failure is one that the server's CORS headers could have avoided.
func aboutHeaders(id fetch.FailureID) bool {
	if id == fetch.RedirectOriginNull {
		return false // what helps is to call the final URL
	}
	entry, _ := explain.EntryOf(string(id))
	return entry.Algorithm == "concept-cors-check" || entry.Algorithm == "cors-preflight-fetch-0"
}

// mended answers as the servers of a trace did, but with the headers of a fix on the hop that failed.
type mended struct {
	trace *fetch.Trace
	fix   explain.Fix
}

func (m *mended) Do(sent *fetch.Sent) (fetch.Response, error) {
	failed := sent.Hop == m.trace.Failure.Hop
	if failed && sent.Kind == fetch.KindPreflight {
		return fetch.Response{Status: 204, Header: fields(m.fix.Preflight)}, nil
	}
	answer := fetch.Response{Status: 200}
	for i := range m.trace.Sent {
		if s := &m.trace.Sent[i]; s.Hop == sent.Hop && s.Kind == sent.Kind {
			answer = s.Response
		}
	}
	if failed {
		answer.Header = answer.Header.Clone()
		for _, field := range fields(m.fix.Response) {
			answer.Header.Set(field.Name, field.Value)
		}
	}
	return answer, nil
}

func fields(lines [][2]string) header.List {
	var list header.List
	for _, line := range lines {
		list.Append(line[0], line[1])
	}
	return list
}
