// Package live_test holds package live to real browsers: it has to send what they send.
package live_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/fidelity"
	"github.com/concors/concors/live"
)

// A call is a request of a page, with the answers in the order in which they are asked for.
type call struct {
	name    string
	page    fidelity.Page
	request fetch.Request
	answers []fetch.Response
}

// bodies are what runner.js sends for a kind of body.
func bodies(kind fetch.Body) []byte {
	switch kind {
	case fetch.BodyText:
		return []byte("xxxx")
	case fetch.BodyURLEncoded:
		return []byte("a=b")
	case fetch.BodyJSONBlob:
		return []byte("{}")
	}
	return nil
}

func allowing(origin string) fetch.Response {
	return fetch.Response{Status: 200, Header: header.List{
		{Name: header.AllowOrigin, Value: origin}, {Name: header.AllowCredentials, Value: "true"},
		{Name: header.AllowMethods, Value: "PUT, DELETE"}, {Name: header.AllowHeaders, Value: "x-a, content-type"},
	}}
}

func leading(to string) fetch.Response {
	return fetch.Response{Status: 307, Header: header.List{{Name: header.AllowOrigin, Value: "*"}, {Name: header.Location, Value: to}}}
}

// calls returns the calls to compare; a URL has the path of its scenario where it says ID.
func calls(t *fidelity.Theatre) []call {
	var (
		app    = fidelity.Page{Origin: t.PageOrigin("http")}
		secure = fidelity.Page{Origin: t.PageOrigin("https")}
		home   = app.Origin + "/ID/0"
		site   = t.Origin("http", "app.localhost", 1) + "/ID/0"
		api    = t.Origin("http", "api.localhost", 0) + "/ID/0?q=1"
		apiTLS = t.Origin("https", "api.localhost", 0) + "/ID/0"
		star   = allowing("*")
		ours   = allowing(app.Origin)
		hop    = func(origin string) string { return origin + "/ID/1" }
		policy = func(p fetch.ReferrerPolicy) fidelity.Page { page := app; page.ReferrerPolicy = p; return page }
	)
	list := []call{
		{"fetch", app, fetch.Request{URL: api}, []fetch.Response{star}},
		{"fetch over TLS", secure, fetch.Request{URL: apiTLS}, []fetch.Response{star}},
		{"fetch at home", app, fetch.Request{URL: home}, []fetch.Response{star}},
		{"fetch within the site", app, fetch.Request{URL: site}, []fetch.Response{star}},
		{"fetch without cors", app, fetch.Request{URL: api, Mode: fetch.ModeNoCORS}, []fetch.Response{star}},
		{"fetch from TLS to loopback", secure, fetch.Request{URL: api}, []fetch.Response{star}},
		{"HEAD", app, fetch.Request{URL: api, Method: "HEAD"}, []fetch.Response{star}},
		{"POST", app, fetch.Request{URL: api, Method: "POST", Body: fetch.BodyText}, []fetch.Response{star}},
		{"POST without a body", app, fetch.Request{URL: home, Method: "POST"}, []fetch.Response{star}},
		{"PUT", app, fetch.Request{URL: api, Method: "PUT", Body: fetch.BodyJSONBlob, Credentials: fetch.CredentialsInclude, Header: header.List{{Name: "X-A", Value: "1"}}}, []fetch.Response{ours, ours}},
		{"DELETE", app, fetch.Request{URL: api, Method: "DELETE"}, []fetch.Response{ours, ours}},
		{"PUT past the cache", app, fetch.Request{URL: api, Method: "PUT", Cache: fetch.CacheNoStore}, []fetch.Response{ours, ours}},
		{"PUT that revalidates", app, fetch.Request{URL: api, Method: "PUT", Cache: fetch.CacheNoCache}, []fetch.Response{ours, ours}},
		{"conditional", app, fetch.Request{URL: home, Header: header.List{{Name: header.IfNoneMatch, Value: `"a"`}}}, []fetch.Response{star}},
		{"range", app, fetch.Request{URL: api, Header: header.List{{Name: header.Range, Value: "bytes=0-1"}}}, []fetch.Response{star}},
		{"headers of its own", app, fetch.Request{URL: home, Header: header.List{
			{Name: header.Accept, Value: "text/plain"}, {Name: header.AcceptLanguage, Value: "de"}, {Name: header.UserAgent, Value: "me"},
			{Name: "x-lower", Value: "a"}, {Name: "X-Lower", Value: "b"},
		}}, []fetch.Response{star}},
		{"xhr", app, fetch.Request{URL: api, Initiator: fetch.InitiatorXHR, Method: "POST", Body: fetch.BodyURLEncoded}, []fetch.Response{star}},
		{"odd path", app, fetch.Request{URL: home + "/../0/%zz[]?'^"}, []fetch.Response{star}},
		{"path like a host", app, fetch.Request{URL: t.Origin("http", "api.localhost", 0) + "//x/ID/0?"}, []fetch.Response{star}},
		{"unsafe-url", policy(fetch.UnsafeURL), fetch.Request{URL: api}, []fetch.Response{star}},
		{"no-referrer", policy(fetch.NoReferrer), fetch.Request{URL: home}, []fetch.Response{star}},
		{"origin-when-cross-origin", policy(fetch.OriginWhenCrossOrigin), fetch.Request{URL: site}, []fetch.Response{star}},
		{"home to another site", app, fetch.Request{URL: home}, []fetch.Response{leading(hop(t.Origin("http", "api.localhost", 0))), star}},
		{"home within the site", app, fetch.Request{URL: home}, []fetch.Response{leading(hop(t.Origin("http", "app.localhost", 1))), star}},
		{"within the site and home", app, fetch.Request{URL: site}, []fetch.Response{leading(hop(app.Origin)), star}},
		{"another site and home", app, fetch.Request{URL: api}, []fetch.Response{leading(hop(app.Origin)), star}},
		{"POST that is led on", app, fetch.Request{URL: home, Method: "POST", Body: fetch.BodyText}, []fetch.Response{leading(hop(t.Origin("http", "api.localhost", 0))), star}},
		{"image that is led home", app, fetch.Request{URL: api, Initiator: fetch.InitiatorImage}, []fetch.Response{leading(hop(app.Origin)), star}},
		{"image with cors", app, fetch.Request{URL: api, Initiator: fetch.InitiatorImage, Mode: fetch.ModeCORS}, []fetch.Response{star}},
		{"beacon of JSON", app, fetch.Request{URL: api, Initiator: fetch.InitiatorBeacon, Body: fetch.BodyJSONBlob}, []fetch.Response{ours, ours}},
		{"WebSocket", app, fetch.Request{URL: strings.Replace(api, "http", "ws", 1), Initiator: fetch.InitiatorWebSocket}, []fetch.Response{star}},
		{"worker", app, fetch.Request{URL: home, Initiator: fetch.InitiatorWorker}, []fetch.Response{star}},
	}
	for _, i := range []fetch.Initiator{
		fetch.InitiatorScript, fetch.InitiatorModuleScript, fetch.InitiatorStyle, fetch.InitiatorFont, fetch.InitiatorMedia,
		fetch.InitiatorEventSource, fetch.InitiatorIframe,
	} {
		list = append(list, call{string(i), app, fetch.Request{URL: api, Initiator: i}, []fetch.Response{star}})
	}
	return list
}

// notCompared are the names whose values cannot be the same, with the reason.
func notCompared(name string) (why string, ok bool) {
	switch name {
	case "user-agent":
		return "a headless browser says that it is one, and its version moves on", true
	case "sec-ch-ua":
		return "the version moves on", true
	case "accept-language":
		return "it is the locale's", true
	case "priority":
		return "that of an image depends on the layout", true
	case "sec-websocket-key":
		return "it is random", true
	}
	return "", false
}

// lines renders what was asked, a line for each request and each header, sorted.
func lines(seen []fidelity.Seen) []string {
	var out []string
	for _, r := range seen {
		out = append(out, fmt.Sprintf("%s %s %s %q", r.Method, r.Host, r.Target, r.Body))
		var fields []string
		for _, line := range r.Lines {
			name, value, _ := strings.Cut(line, ":")
			name = strings.ToLower(name)
			if _, ok := notCompared(name); ok {
				value = "..."
			}
			fields = append(fields, "  "+name+": "+strings.Trim(value, " "))
		}
		slices.Sort(fields)
		out = append(out, fields...)
	}
	return out
}

func TestHeaders(t *testing.T) {
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			theatre, err := fidelity.OpenTheatre()
			if err != nil {
				t.Fatal(err)
			}
			defer theatre.Close()
			session, err := fidelity.NewSession(t.Context(), theatre, engine)
			if err != nil {
				t.Fatal(err)
			}
			defer session.Browser.Close()
			var scenarios []*fidelity.Scenario
			names := map[string]string{}
			for i, c := range calls(theatre) {
				if engine == browser.WebKit && c.request.Initiator == fetch.InitiatorMedia {
					continue // another library fetches it
				}
				s := scenario(fmt.Sprintf("l%c%d", engine[0], i), c)
				names[s.ID] = c.name
				scenarios = append(scenarios, s)
			}
			err = session.Run(t.Context(), scenarios, func(r fidelity.Result) {
				t.Run(names[r.Scenario.ID], func(t *testing.T) {
					got := send(t, theatre, session, r.Scenario)
					want := r.Observed.Seen
					if r.Scenario.Fetches[0].Request.Initiator == fetch.InitiatorMedia && len(want) > 1 {
						want = want[:1] // players ask again for what they need
					}
					if d := cmp.Diff(lines(want), lines(got)); d != "" {
						t.Errorf("%s (-) and live (+) differ:\n%s", engine, d)
					}
				})
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// scenario makes a call one that the theatre can play.
func scenario(id string, c call) *fidelity.Scenario {
	in := func(s string) string { return strings.ReplaceAll(s, "/ID/", "/s/"+id+"/") }
	f := fidelity.Fetch{Request: c.request}
	f.Request.URL = in(c.request.URL)
	if f.Request.Initiator == "" {
		f.Request.Initiator = fetch.InitiatorFetch
	}
	for _, answer := range c.answers {
		res := fetch.Response{Status: answer.Status, Header: answer.Header.Clone()}
		for i := range res.Header {
			res.Header[i].Value = in(res.Header[i].Value)
		}
		f.Answers.Ordered = append(f.Answers.Ordered, res)
	}
	f.Answers.Repeat = c.request.Initiator == fetch.InitiatorMedia
	return &fidelity.Scenario{ID: id, Stage: c.page, Fetches: []fidelity.Fetch{f}}
}

// send plays a scenario with package live in the browser's place and returns what was asked.
func send(t *testing.T, theatre *fidelity.Theatre, session *fidelity.Session, s *fidelity.Scenario) []fidelity.Seen {
	t.Helper()
	page, err := s.Stage.Model()
	if err != nil {
		t.Fatal(err)
	}
	if session.Browser.Engine() == browser.Chromium {
		page.ThirdPartyCookies = fetch.CookiesBlock // as it is without a window
	}
	request := &s.Fetches[0].Request
	authorities := x509.NewCertPool()
	authorities.AddCert(theatre.CA())
	network, err := live.New(context.Background(), live.Config{
		Browser: session.Profile.Name, Page: &page, Request: request, Body: bodies(request.Body), Send: true, RootCAs: authorities,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer network.Close()
	theatre.Begin(s)
	if _, err := fetch.NewBrowser(session.Profile).Fetch(&page, request, network, 0); err != nil {
		t.Error(err)
	}
	return theatre.End(s.ID)
}
