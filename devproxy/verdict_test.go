package devproxy_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/devproxy"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/live"
)

// status is an API that answers with a status and nothing else.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// onOptions answers preflights in one way and every other request in another.
func onOptions(preflight, other http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "OPTIONS" {
			preflight(w, r)
			return
		}
		other(w, r)
	}
}

// turningAway refuses every request of another origin than its own, as some frameworks do.
func turningAway(w http.ResponseWriter, r *http.Request) {
	if o := r.Header.Get("Origin"); o != "" && o != "https://"+r.Host {
		http.Error(w, "Invalid CORS request", http.StatusForbidden)
	}
}

// What is reported is what an explanation of the API itself says, for the same page and the same request.
func TestReasons(t *testing.T) {
	json := header.List{{Name: "Content-Type", Value: "application/json"}}
	for _, row := range []struct {
		name     string
		api      http.HandlerFunc
		request  fetch.Request
		want     fetch.FailureID // empty for none
		sendable bool            // the explanation needs --send, and the proxy --keep-origin, to know
	}{
		{"no header", status(200), fetch.Request{}, fetch.AllowOriginMissing, false},
		{"an error without one", status(500), fetch.Request{}, fetch.AllowOriginMissing, false},
		{"a page that is turned away", turningAway, fetch.Request{}, fetch.AllowOriginMissing, false},
		{"another origin", granting("https://myapp.example"), fetch.Request{}, fetch.AllowOriginMismatch, false},
		{"the page", granting(page), fetch.Request{}, "", false},
		{"any, with credentials", granting("*"), fetch.Request{Credentials: fetch.CredentialsInclude}, fetch.AllowOriginWildcardCredentials, false},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) }, fetch.Request{}, fetch.RedirectAllowOrigin, false},
		{"nothing answers OPTIONS", onOptions(status(405), granting(page)), fetch.Request{Method: "PUT", Header: json}, fetch.AllowOriginMissing, false},
		{"an error to OPTIONS", onOptions(func(w http.ResponseWriter, r *http.Request) { granting(page)(w, r); w.WriteHeader(401) }, granting(page)),
			fetch.Request{Method: "PUT", Header: json}, fetch.PreflightAuth, false},
		{"another method", granting(page), fetch.Request{Method: "DELETE"}, fetch.MethodNotAllowed, false},
		{"another header", granting(page), fetch.Request{Header: header.List{{Name: "X-Id", Value: "7"}}}, fetch.HeaderNotAllowed, false},
		{"a preflight that passes", granting(page), fetch.Request{Method: "PUT", Header: json}, "", false},
		{"OPTIONS alone", onOptions(granting(page), status(200)), fetch.Request{Method: "PUT", Header: json}, fetch.AllowOriginMissing, true},
		{"a simple POST", status(200), fetch.Request{Method: "POST"}, fetch.AllowOriginMissing, true},
		{"not known of a simple POST", status(200), fetch.Request{Method: "POST"}, "", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := newAPI(t, row.api)
			g := start(t, a, func(c *devproxy.Config) { c.KeepOrigin = row.sendable })
			row.request.URL = a.URL + "/users/1?page=2"
			from, err := fetch.NewPage(page)
			if err != nil {
				t.Fatal(err)
			}
			net, err := live.New(t.Context(), live.Config{Page: &from, Request: &row.request, RootCAs: a.pool(), Send: row.sendable})
			if err != nil {
				t.Fatal(err)
			}
			defer net.Close()
			direct, err := explain.Fetch(&from, &row.request, fetch.Standard(), net, false)
			if err != nil {
				t.Fatal(err)
			}
			x := g.fetch(t, &row.request)
			got := x.Explanation
			if got == nil {
				t.Fatal("got no explanation")
			}
			if row.want == "" && direct.Trace.Failure != nil || row.want != "" && (direct.Trace.Failure == nil || direct.Trace.Failure.ID != row.want) {
				t.Errorf("directly: got %v, want %q", direct.Trace.Failure, row.want)
			}
			if x.IfCredentialed {
				t.Error("got a verdict for a request with credentials")
			}
			if got.Why != direct.Why || got.Trace.Outcome != direct.Trace.Outcome || got.Console != direct.Console || len(got.Fixes) != len(direct.Fixes) {
				t.Errorf("got %s %q %+v, directly %s %q %+v", got.Trace.Outcome, got.Why, got.Console, direct.Trace.Outcome, direct.Why, direct.Console)
			}
			for i := range min(len(got.Fixes), len(direct.Fixes)) {
				if got.Fixes[i].Text != direct.Fixes[i].Text {
					t.Errorf("got the fix %q, directly %q", got.Fixes[i].Text, direct.Fixes[i].Text)
				}
			}
		})
	}
}

// fetch makes a request as a browser makes it of the proxy, and returns what was reported of it.
func (g *rig) fetch(t *testing.T, r *fetch.Request) devproxy.Exchange {
	t.Helper()
	_, target, _ := strings.Cut(strings.TrimPrefix(r.URL, "https://"), "/")
	target = "/" + target
	var lines, names []string
	for _, field := range r.Header {
		lines, names = append(lines, field.Name+": "+field.Value), append(names, strings.ToLower(field.Name))
	}
	if r.Credentials == fetch.CredentialsInclude {
		lines = append(lines, "Cookie: sid=1")
	}
	method := r.Method
	if method == "" {
		method = "GET"
	}
	if len(names) > 0 || method != "GET" && method != "POST" {
		if res := g.preflight(t, method, target, strings.Join(names, ",")); res.StatusCode != 204 {
			t.Errorf("got %d to the preflight", res.StatusCode)
		}
	}
	if res, _ := g.ask(t, method, target, "", lines...); res.Header.Get("Access-Control-Allow-Origin") != page {
		t.Errorf("got %v, want the page allowed", res.Header)
	}
	return g.last(t)
}

// Without cookies nobody can tell whether a page asked for them; where it matters, it is said so.
func TestIfCredentialed(t *testing.T) {
	a := newAPI(t, granting("*"))
	g := start(t, a)
	g.ask(t, "GET", "/", "")
	x := g.last(t)
	if !x.IfCredentialed || x.Explanation == nil || x.Explanation.Trace.Failure == nil || x.Explanation.Trace.Failure.ID != fetch.AllowOriginWildcardCredentials {
		t.Errorf("got %+v", x)
	}
}

// CORS has no part in what a page gets in other modes, and nothing is said of it.
func TestNoVerdict(t *testing.T) {
	a := newAPI(t, status(500))
	g := start(t, a)
	for _, lines := range [][]string{
		{"Sec-Fetch-Mode: no-cors"}, {"Sec-Fetch-Mode: navigate"}, {"Origin:"}, {"Origin: http://localhost:" + g.port()},
	} {
		if g.ask(t, "POST", "/", "", lines...); g.last(t).Explanation != nil {
			t.Errorf("%q: got %v", lines, g.last(t).Explanation.Trace.Failure)
		}
	}
}
