package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/live"
)

// host is that under which pages call the gateway.
const host = "api.localhost"

// A call is one fetch of a page, and what must come of it.
type call struct {
	name    string
	page    string
	request string // as a person writes it: method, path, header lines, include; a body after a colon
	status  int    // that the page reads; 0 when it is blocked
	asked   string // what reached a service, in words such as "express GET"
	total   bool   // the page reads X-Total, which the policy exposes; X-Other it never reads
}

// calls is every call. The services are reached by requests that are not refused; what is refused the browser blocks.
func calls() []call {
	return []call{
		{"express", "app", "GET /express/users", 200, "express GET", true},
		{"express, with a preflight", "app", "PUT /express/users X-Id Content-Type : {}", 200, "express PUT", true},
		{"express, with credentials", "app", "DELETE /express/users include", 200, "express DELETE", true},
		{"express, from a stranger", "evil", "GET /express/users", 0, "express GET", false},
		{"express, from a stranger with a preflight", "evil", "PUT /express/users", 0, "", false},
		{"express, from a stranger with credentials", "evil", "GET /express/users include", 0, "express GET", false},
		{"express, from null", "null", "GET /express/users", 0, "express GET", false},
		{"express, another method", "app", "PATCH /express/users", 0, "", false},
		{"express, another header", "app", "GET /express/users X-Other", 0, "", false},
		{"express has no such path", "app", "GET /express/nothing X-Id", 404, "express GET", false},
		{"express fails", "app", "GET /express/broken", 500, "express GET", false},
		{"CORS off", "app", "GET /off/users", 0, "express GET", false},

		{"nginx", "app", "PUT /nginx/users X-Id", 200, "nginx PUT", true},
		{"nginx, from a stranger", "evil", "GET /nginx/users", 0, "nginx GET", false},
		{"nginx refuses", "app", "GET /nginx/private", 403, "nginx GET", true},
		{"nginx has no such path", "app", "GET /nginx/nothing X-Id", 404, "nginx GET", true},
		{"nginx does not take the method", "app", "DELETE /nginx/nothing", 405, "nginx DELETE", true},
		{"nginx redirects", "app", "GET /nginx/moved X-Id", 200, "nginx GET, nginx GET", true},

		{"go", "app", "POST /go/users : x", 200, "go POST", true},
		{"go fails", "app", "GET /go/broken", 500, "go GET", true},
		{"go fails, from a stranger", "evil", "GET /go/broken", 0, "go GET", false},
		{"go cuts the connection", "app", "POST /go/cut", 502, "go POST", false},
		{"go takes too long", "app", "GET /go/slow", 504, "go GET", false},

		{"nobody is there", "app", "PUT /dead/users", 502, "", false},
		{"nobody is there, from a stranger", "evil", "GET /dead/users", 0, "", false},
		{"without a password", "app", "GET /locked/users", 401, "", false},
		{"without a password, from a stranger", "evil", "GET /locked/users", 0, "", false},
		{"with a password", "app", "GET /locked/users Authorization", 200, "go GET", true},
		{"too large", "app", "POST /small/users : " + strings.Repeat("x", 100), 413, "", false},
		{"redirected", "app", "GET /old", 200, "express GET", true},
		{"redirected, with a preflight", "app", "PUT /old X-Id", 200, "express PUT", true},
		{"redirected, from a stranger", "evil", "GET /old", 0, "", false},
		{"no file", "app", "GET /files/nothing", 404, "", false},
		{"no route", "app", "GET /elsewhere", 0, "", false},
	}
}

// policyFile has a route for each way to answer.
func policyFile(t *testing.T, p *pages, s *services) string {
	return strings.NewReplacer(
		"@PAGE@", p.origin("app"), "@EXPRESS@", "http://"+s.express.Addr(), "@NGINX@", "http://"+s.nginx.Addr(),
		"@GO@", fmt.Sprintf("http://127.0.0.1:%d", s.own.port), "@DEAD@", "http://"+freeAddress(t), "@HASH@", hash,
		"@FILES@", t.TempDir(),
	).Replace(`version: 1
policies:
  app:
    origins: ["@PAGE@"]
    methods: [PUT, DELETE]
    request_headers: [X-Id, Content-Type, Authorization]
    response_headers: [X-Total]
    credentials: true
    max_age: 0
routes:
  - {path: /express/, policy: app, upstream: "@EXPRESS@"}
  - {path: /off/, upstream: "@EXPRESS@", rewrite: {strip: /off, add: /express}}
  - {path: /nginx/, policy: app, upstream: "@NGINX@"}
  - {path: /go/, policy: app, upstream: "@GO@"}
  - {path: /go/slow, policy: app, upstream: {to: "@GO@", response: 500ms}}
  - {path: /dead/, policy: app, upstream: "@DEAD@"}
  - {path: /locked/, policy: app, upstream: "@GO@", basic_auth: {ada: "@HASH@"}}
  - {path: /small/, policy: app, upstream: "@GO@", max_body: 10}
  - {path: /old, policy: app, redirect: /express/users}
  - {path: /files/, policy: app, files: "@FILES@"}
`)
}

// password and hash belong to ada. The hash is of the least cost, which is enough here.
const (
	password = "Basic YWRhOnNlY3JldA==" // ada:secret
	hash     = "$2y$04$3i0SETgf0bxMnKi9I3iLc.Kdcqp.q82wAzbZjP6gWqxk2JJdzZKPu"
)

func testServices(t *testing.T, b browser.Browser, gateway string) {
	p, s, tap := servePages(t), startServices(t), server.NewTap(t)
	serveFile(t, gateway, tap.Behind(), policyFile(t, p, s))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := b.Navigate(ctx, p.origin("app")+"/frames"); err != nil {
		t.Fatal(err)
	}
	for _, c := range calls() {
		t.Run(c.name, func(t *testing.T) { c.check(ctx, t, b, p, s, tap) })
	}
	t.Run("sockets", func(t *testing.T) { testSockets(ctx, t, b, p, s, tap) })
	for _, word := range s.asked() {
		if strings.HasSuffix(word, http.MethodOptions) {
			t.Errorf("a preflight reached %s", word)
		}
	}
}

// view is what a page got.
type view struct {
	Threw   string
	Status  int
	Headers []string
	Body    string
}

// ask has a page of the browser make a request.
func ask(ctx context.Context, t *testing.T, b browser.Browser, page, url string, init map[string]any) *view {
	t.Helper()
	data, err := b.Eval(ctx, "return await ask(...arguments)", page, url, init)
	if err != nil {
		t.Fatal(err)
	}
	v := new(view)
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("decode %s from the page: %v", data, err)
	}
	return v
}

// check makes the call in the browser and in the model.
func (c *call) check(ctx context.Context, t *testing.T, b browser.Browser, p *pages, s *services, tap *server.Tap) {
	request, body := c.read(tap)
	headers := map[string]string{}
	for _, field := range request.Header {
		headers[field.Name] = field.Value
	}
	init := map[string]any{"method": request.Method, "headers": headers, "credentials": request.Credentials}
	if body != "" {
		init["body"] = body
	}
	askedBefore, seenBefore := s.asked(), len(tap.Exchanges())
	got := ask(ctx, t, b, c.page, request.URL, init)
	exchanges := tap.Exchanges()[seenBefore:]
	if got.Status != c.status {
		t.Errorf("the page got %d %s, want %d", got.Status, got.Threw, c.status)
	}
	if slices.Contains(got.Headers, "x-total") != c.total || slices.Contains(got.Headers, "x-other") {
		t.Errorf("the page reads %q, want x-total: %t, and no x-other", got.Headers, c.total)
	}
	if asked := strings.Join(since(askedBefore, s.asked()), ", "); asked != c.asked {
		t.Errorf("%q reached services, want %q", asked, c.asked)
	}
	for _, e := range exchanges {
		for _, problem := range doubled(e.Answer) {
			t.Errorf("%s %s: %s", e.Method, e.Target, problem)
		}
	}
	trace := predict(ctx, t, b.Engine(), p.origin(c.page), request, body)
	compare(t, trace, got, exchanges, tap.Origin(host))
}

// read reads the request of a call.
func (c *call) read(tap *server.Tap) (request *fetch.Request, body string) {
	head, body, _ := strings.Cut(c.request, " : ")
	words := strings.Fields(head)
	request = &fetch.Request{Method: words[0], URL: tap.Origin(host) + words[1], Credentials: fetch.CredentialsOmit, Cache: fetch.CacheNoStore}
	if body != "" {
		request.Body = fetch.BodyText
	}
	for _, word := range words[2:] {
		switch word {
		case "include":
			request.Credentials = fetch.CredentialsInclude
		case "Content-Type":
			request.Header.Append(word, "application/json")
		case "Authorization":
			request.Header.Append(word, password)
		default:
			request.Header.Append(word, "1")
		}
	}
	return request, body
}

// compare holds what the model of the engine says, on the live gateway, to what the browser did: the requests in their order,
// and what the page got.
func compare(t *testing.T, trace *fetch.Trace, got *view, exchanges []server.Exchange, origin string) {
	t.Helper()
	var sent, predicted []string
	for _, e := range exchanges {
		sent = append(sent, e.Method+" "+e.Target)
	}
	for _, s := range trace.Sent {
		predicted = append(predicted, s.Method+" "+strings.TrimPrefix(s.URL, origin))
	}
	if !slices.Equal(sent, predicted) {
		t.Errorf("the browser sent %q, the model says %q", sent, predicted)
	}
	if allowed := got.Threw == ""; allowed != (trace.Outcome == fetch.Allowed) {
		t.Fatalf("the page got %d %s, the model says %s", got.Status, got.Threw, trace.Outcome)
	}
	if trace.Response == nil {
		return
	}
	seen, visible := ofService(got.Headers), ofService(trace.Response.Visible)
	if got.Status != trace.Response.Status || !slices.Equal(seen, visible) {
		t.Errorf("the page got %d and reads %q, the model says %d and %q", got.Status, seen, trace.Response.Status, visible)
	}
}

// predict is what the model of an engine says of a request, with the real answers.
func predict(ctx context.Context, t *testing.T, engine browser.Engine, origin string, request *fetch.Request, body string) *fetch.Trace {
	t.Helper()
	page, err := fetch.NewPage(origin)
	if err != nil {
		t.Fatal(err)
	}
	network, err := live.New(ctx, live.Config{Browser: string(engine), Page: &page, Request: request, Body: []byte(body), Send: true})
	if err != nil {
		t.Fatal(err)
	}
	defer network.Close()
	profiles := fetch.Profiles()
	i := slices.IndexFunc(profiles, func(profile fetch.Profile) bool { return profile.Name == string(engine) })
	trace, err := fetch.NewBrowser(profiles[i]).Fetch(&page, request, network, 0)
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

// ofService drops the names of headers that belong to one connection, and sorts the others.
func ofService(names []string) []string {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.Contains([]string{"connection", "keep-alive", "transfer-encoding"}, name)
	})
	slices.Sort(names)
	return names
}

// doubled tells of what stands twice in an answer: a line, but of those that may, or a value of a list.
func doubled(answer http.Header) []string {
	var out []string
	for name, lines := range answer {
		if len(lines) > 1 && name != header.Vary && name != "Set-Cookie" {
			out = append(out, fmt.Sprintf("%s has lines %q, want one", name, lines))
		}
		if name == header.AllowOrigin && strings.Contains(lines[0], ",") {
			out = append(out, fmt.Sprintf("%s is %q, want one origin", name, lines[0]))
		}
	}
	vary := map[string]bool{}
	for _, line := range answer[header.Vary] {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			if vary[name] {
				out = append(out, fmt.Sprintf("Vary is %q, want each name once", answer[header.Vary]))
			}
			vary[name] = true
		}
	}
	return out
}

// since is what a list has beyond another, in its order.
func since(before, after []string) []string {
	before = slices.Clone(before)
	return slices.DeleteFunc(slices.Clone(after), func(word string) bool {
		i := slices.Index(before, word)
		if i >= 0 {
			before = slices.Delete(before, i, i+1)
		}
		return i >= 0
	})
}
