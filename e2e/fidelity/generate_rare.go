package fidelity

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// rare turns a scenario of one fetch into one of a kind that chance alone would hardly make.
func (g *Generator) rare(s *Scenario) {
	f := &s.Fetches[0]
	pick(g,
		g.wrongURL, g.wrongOption, g.wrongHeader, g.streamed, g.tooLarge, g.onlyIfCached, g.unreachable, g.mixed, g.manyRedirects,
		g.policed, g.isolated, g.isolated, g.embedded, g.element, g.element, g.element,
	)(s, f)
}

func (g *Generator) wrongURL(s *Scenario, f *Fetch) {
	path := pathOf(s.ID, 0)
	f.Request.URL = pick(g, "http://[x", "http://a<b", "ftp://api.localhost", "myapp://x", "file://", "http://api.localhost:6000", "http://api.localhost:25", "http://app.localhost:6667") + path
}

func (g *Generator) wrongOption(_ *Scenario, f *Fetch) {
	r := &f.Request
	r.Initiator, r.UploadListener = fetch.InitiatorFetch, false
	switch g.rand.IntN(5) {
	case 0:
		r.Credentials = "always"
	case 1:
		r.Redirect = "maybe"
	case 2:
		r.Cache = "never"
	default:
		r.Mode = pick(g, fetch.ModeNavigate, "sometimes", fetch.ModeNavigate)
	}
}

func (g *Generator) wrongHeader(_ *Scenario, f *Fetch) {
	f.Request.Header = append(f.Request.Header, header.Field{Name: pick(g, "X-Id", "", "X Id", "X-Id"), Value: pick(g, "a\nb", "a\x00b", "1")})
}

func (g *Generator) streamed(_ *Scenario, f *Fetch) {
	r := &f.Request
	*r = fetch.Request{URL: r.URL, Method: "POST", Initiator: fetch.InitiatorFetch, Body: fetch.BodyStream, Credentials: r.Credentials}
	switch g.rand.IntN(3) {
	case 0:
		r.Keepalive = true
	case 1:
		r.Mode = fetch.ModeNoCORS
	}
}

// tooLarge makes a keepalive request around the quota of 64 KiB.
func (g *Generator) tooLarge(_ *Scenario, f *Fetch) {
	r := &f.Request
	*r = fetch.Request{URL: r.URL, Method: "POST", Initiator: fetch.InitiatorFetch, Body: fetch.BodyText, Credentials: r.Credentials, Keepalive: true}
	r.BodyLength = pick(g, 65537, 70000, 1<<20, 100)
}

func (g *Generator) onlyIfCached(s *Scenario, f *Fetch) {
	r := &f.Request
	*r = fetch.Request{URL: r.URL, Method: "GET", Initiator: fetch.InitiatorFetch, Cache: fetch.CacheOnlyIfCached, Mode: pick(g, fetch.ModeSameOrigin, fetch.ModeSameOrigin, fetch.ModeCORS, "")}
	if g.chance(70) {
		r.URL = s.Stage.Origin + pathOf(s.ID, 0)
	}
}

// unreachable makes a request to a port where nobody listens.
func (g *Generator) unreachable(s *Scenario, f *Fetch) {
	f.Request.URL = g.theatre.Closed() + pathOf(s.ID, 0)
	if g.chance(40) {
		f.Request.Header, f.Request.Method, f.Request.Body = header.List{{Name: "X-Id", Value: "1"}}, "GET", ""
	}
	refused := fetch.Response{Error: fetch.ErrorRefused}
	f.Answers.Hops = []HopAnswers{{Preflight: refused, Actual: refused}}
}

// mixed takes a page of https to http on a host that is not the machine itself, at once or after a redirect.
func (g *Generator) mixed(s *Scenario, f *Fetch) {
	s.Stage.Origin = g.theatre.PageOrigin("https")
	insecure := "http://insecure.example" + pathOf(s.ID, 1)
	if g.chance(50) {
		f.Request.URL = insecure
		return
	}
	urls := []string{g.theatre.Origin("https", "api.localhost", 1) + pathOf(s.ID, 0), insecure}
	f.Request.URL = urls[0]
	f.Answers.Hops = g.answers(s, &f.Request, urls)
	f.Answers.Hops[0].Actual.Header.Set(header.Location, insecure)
	unknown := fetch.Response{Error: fetch.ErrorDNS} // to an engine that sends a preflight first
	f.Answers.Hops[1] = HopAnswers{Preflight: unknown, Actual: unknown}
}

// manyRedirects makes a chain around the limit of twenty.
func (g *Generator) manyRedirects(s *Scenario, f *Fetch) {
	length := pick(g, 21, 22, 22, 23)
	urls := make([]string, length)
	from := g.theatre.Origin("http", pick(g, "app.localhost", "api.localhost"), 1)
	if strings.HasPrefix(s.Stage.Origin, "https:") {
		from = g.theatre.Origin("https", "api.localhost", 1)
	}
	for i := range urls {
		urls[i] = from + pathOf(s.ID, i)
	}
	f.Request = fetch.Request{URL: urls[0], Method: "GET", Initiator: fetch.InitiatorFetch, Credentials: f.Request.Credentials}
	allowed := s.Stage.Origin
	if s.Stage.Opaque {
		allowed = "null"
	}
	f.Answers.Hops = make([]HopAnswers, length)
	for i := range f.Answers.Hops {
		list := header.List{{Name: header.AllowOrigin, Value: allowed}, {Name: header.AllowCredentials, Value: "true"}, {Name: header.CacheControl, Value: "no-store"}}
		f.Answers.Hops[i].Actual = fetch.Response{Status: 200, Header: list}
		if i+1 < length {
			f.Answers.Hops[i].Actual.Status = 302
			f.Answers.Hops[i].Actual.Header = append(list, header.Field{Name: header.Location, Value: urls[i+1]})
		}
	}
}

// policed gives the page a policy for its connections.
func (g *Generator) policed(s *Scenario, _ *Fetch) {
	scheme, _, _ := strings.Cut(s.Stage.Origin, ":")
	s.Stage.Opaque = false
	s.Stage.ConnectSrc = pick(g, "'self'", "'self' "+g.theatre.Origin(scheme, "api.localhost", 1))
}

// isolated makes a request whose answer depends on Cross-Origin-Resource-Policy.
func (g *Generator) isolated(s *Scenario, f *Fetch) {
	if g.chance(40) {
		s.Stage.Opaque, s.Stage.Embedder = false, fetch.COEPRequireCORP
	}
	urls := []string{f.Request.URL}
	f.Request = fetch.Request{URL: f.Request.URL, Method: "GET", Initiator: fetch.InitiatorFetch, Mode: fetch.ModeNoCORS, Credentials: g.credentials()}
	f.Answers.Hops = g.answers(s, &f.Request, urls)
	g.resourcePolicy(f)
}

func (g *Generator) resourcePolicy(f *Fetch) {
	if value := pick(g, "", "same-origin", "same-origin", "same-site", "same-site", "cross-origin", "Same-Origin", "x"); value != "" {
		last := &f.Answers.Hops[len(f.Answers.Hops)-1].Actual
		last.Header = append(last.Header, header.Field{Name: header.CrossOriginResourcePolicy, Value: value})
	}
}

// embedded loads a resource into a page that asks every resource for its consent.
func (g *Generator) embedded(s *Scenario, f *Fetch) {
	g.element(s, f)
	s.Stage.Opaque, s.Stage.Embedder = false, fetch.COEPRequireCORP
	g.resourcePolicy(f)
}

// element loads a resource as an element does, along the scenario's chain; what arrives suits the element, or is of a type
// that it refuses.
func (g *Generator) element(s *Scenario, f *Fetch) {
	r := &f.Request
	*r = fetch.Request{URL: r.URL, Method: "GET", Credentials: pick(g, "", fetch.CredentialsInclude), Mode: pick(g, fetch.ModeCORS, fetch.ModeCORS, "")}
	r.Initiator = pick(g, fetch.InitiatorImage, fetch.InitiatorScript, fetch.InitiatorStyle, fetch.InitiatorModuleScript)
	if r.Initiator == fetch.InitiatorModuleScript {
		r.Mode = fetch.ModeCORS
	}
	for i := range f.Answers.Hops {
		hop := &f.Answers.Hops[i].Actual
		hop.Header.Delete(header.ContentType)
		if !hop.Header.Has(header.Location) {
			hop.Status = 200 // of an error, an element does not tell what was wrong
		}
	}
	last := &f.Answers.Hops[len(f.Answers.Hops)-1].Actual
	last.Status = 200
	if r.Initiator == fetch.InitiatorImage || g.chance(60) {
		return
	}
	switch r.Initiator {
	case fetch.InitiatorStyle:
		last.Header = append(last.Header, header.Field{Name: header.ContentType, Value: "text/plain"}, header.Field{Name: header.ContentTypeOptions, Value: "nosniff"})
	default:
		mime := pick(g, "text/csv", "image/png", "text/plain")
		last.Header = append(last.Header, header.Field{Name: header.ContentType, Value: mime})
		if mime == "text/plain" || g.chance(50) {
			last.Header = append(last.Header, header.Field{Name: header.ContentTypeOptions, Value: "nosniff"})
		}
	}
}
