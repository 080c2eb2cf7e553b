package stacks_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/gatewayapi"
	"github.com/concors/concors/stack/stacktest"
)

// TestHTTPRoutes: generated HTTPRoutes do what the policy says, as the documentation of the types says they are to be read. No
// gateway of any vendor takes part.
func TestHTTPRoutes(t *testing.T) {
	s := gatewayapi.Stack()
	for _, sample := range httpRouteSamples() {
		t.Run(sample.Name, func(t *testing.T) {
			application := serve(t, stacks.Application())
			f, site := load(t, sample, application, t.TempDir())
			files, findings := stack.Generate(&s, site, stack.Options{})
			if len(files) == 0 {
				t.Skipf("refused: %+v", findings)
			}
			checkVerified(t, f, tapped(t, newGateway(t, readHTTPRoutes(t, files[0].Text), application)))
		})
	}
}

// httpRouteSamples are the samples of every stack, and those that show what an HTTPRoute can do alone but not beside what other
// samples have.
func httpRouteSamples() []stacktest.Sample {
	list := samples()
	for _, one := range []struct{ name, policy string }{
		{"any", `{origins: ["*"], methods: ["*"], request_headers: [X-One], response_headers: ["*"], max_age: 1h}`},
		{"any-with-credentials", `{origins: ["*"], methods: ["*"], request_headers: [X-One], credentials: true, dangerously_allow_any_origin_with_credentials: true}`},
	} {
		list = append(list, stacktest.Sample{
			Name: "route-of-" + one.name,
			Text: "version: 1\npolicies:\n  app: " + one.policy + "\nroutes:\n  - {path: /, policy: app, upstream: \"${UPSTREAM}\"}\n",
		})
	}
	return list
}

// manyRoutes has more rules than an HTTPRoute holds, and more paths than a rule.
func manyRoutes() stacktest.Sample {
	policies, routes := "", ""
	for i := range 20 {
		policies += fmt.Sprintf("  p%d: {origins: [\"https://p%d.example\"]}\n", i, i)
		routes += fmt.Sprintf("  - {path: /p%d/, policy: p%d, upstream: \"${UPSTREAM}\"}\n", i, i)
	}
	for i := range 70 {
		routes += fmt.Sprintf("  - {path: /more/%d, policy: p0, upstream: \"${UPSTREAM}\"}\n", i)
	}
	return stacktest.Sample{Name: "many-routes", Text: "version: 1\npolicies:\n" + policies + "routes:\n" + routes}
}

// A gateway is a reader of HTTPRoutes in front of an application.
type gateway struct {
	routes      []gatewayv1.HTTPRoute
	application *httputil.ReverseProxy
}

func newGateway(t *testing.T, routes []gatewayv1.HTTPRoute, application string) *gateway {
	t.Helper()
	u, err := url.Parse(application)
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{routes: routes}
	g.application = &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(u); r.Out.Host = r.In.Host },
		ModifyResponse: func(res *http.Response) error { g.answer(res.Header, g.rule(res.Request), res.Request); return nil },
	}
	return g
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rule := g.rule(r)
	isPreflight := r.Method == http.MethodOptions && r.Header.Get(header.Origin) != "" && r.Header.Get(header.RequestMethod) != ""
	switch {
	case rule == nil:
		w.WriteHeader(http.StatusNotFound)
	case len(rule.BackendRefs) == 0:
		w.WriteHeader(http.StatusInternalServerError)
	case isPreflight && corsOf(rule) != nil:
		preflight(w.Header(), corsOf(rule), r)
		w.WriteHeader(http.StatusNoContent)
	default:
		g.application.ServeHTTP(w, r)
	}
}

// rule is the one whose match is the most specific, in the routes for the host or else in those for every host.
func (g *gateway) rule(r *http.Request) *gatewayv1.HTTPRouteRule {
	name, _, _ := net.SplitHostPort(r.Host)
	host := gatewayv1.Hostname(name)
	isNamed := slices.ContainsFunc(g.routes, func(route gatewayv1.HTTPRoute) bool {
		return slices.Contains(route.Spec.Hostnames, host)
	})
	var best *gatewayv1.HTTPRouteRule
	longest := -1
	for i := range g.routes {
		spec := &g.routes[i].Spec
		if isNamed != slices.Contains(spec.Hostnames, host) || !isNamed && len(spec.Hostnames) > 0 {
			continue
		}
		for j := range spec.Rules {
			for _, m := range spec.Rules[j].Matches {
				if n := specificity(*m.Path.Type, *m.Path.Value, r.URL.Path); n > longest {
					best, longest = &spec.Rules[j], n
				}
			}
		}
	}
	return best
}

// specificity is how much of a path a match takes, -1 if it does not. An exact match is before every prefix.
func specificity(kind gatewayv1.PathMatchType, value, path string) int {
	const exact = 10_000 // more than any prefix has characters
	prefix := strings.TrimSuffix(value, "/")
	switch {
	case kind == gatewayv1.PathMatchExact && path == value:
		return exact
	case kind == gatewayv1.PathMatchPathPrefix && (path == prefix || strings.HasPrefix(path, prefix+"/")):
		return len(prefix)
	}
	return -1
}

func corsOf(rule *gatewayv1.HTTPRouteRule) *gatewayv1.HTTPCORSFilter {
	for _, f := range rule.Filters {
		if f.Type == gatewayv1.HTTPRouteFilterCORS {
			return f.CORS
		}
	}
	return nil
}

// answer applies the filters to a response, in their order.
func (g *gateway) answer(h http.Header, rule *gatewayv1.HTTPRouteRule, r *http.Request) {
	for _, f := range rule.Filters {
		switch f.Type {
		case gatewayv1.HTTPRouteFilterResponseHeaderModifier:
			for _, name := range f.ResponseHeaderModifier.Remove {
				h.Del(name)
			}
			for _, add := range f.ResponseHeaderModifier.Add {
				h.Add(string(add.Name), add.Value)
			}
		case gatewayv1.HTTPRouteFilterCORS:
			if share(h, f.CORS, r) {
				setList(h, header.ExposeHeaders, f.CORS.ExposeHeaders)
			}
		}
	}
}

// share names the origin that may read a response; false where none may.
func share(h http.Header, c *gatewayv1.HTTPCORSFilter, r *http.Request) bool {
	from := r.Header.Get(header.Origin)
	isAny := slices.Equal(c.AllowOrigins, []gatewayv1.CORSOrigin{"*"})
	credentials := c.AllowCredentials != nil && *c.AllowCredentials
	switch {
	case isAny && !credentials:
		h.Set(header.AllowOrigin, "*")
	case from != "" && (isAny || slices.ContainsFunc(c.AllowOrigins, func(o gatewayv1.CORSOrigin) bool { return takesOrigin(string(o), from) })):
		h.Set(header.AllowOrigin, from)
	default:
		return false
	}
	if credentials {
		h.Set(header.AllowCredentials, "true")
	}
	return true
}

// takesOrigin reports whether an entry of allowOrigins is for an origin: a star takes any labels to its left.
func takesOrigin(entry, from string) bool {
	scheme, rest, isPattern := strings.Cut(entry, "://*.")
	if !isPattern {
		return entry == from
	}
	sub, ok := strings.CutPrefix(from, scheme+"://")
	return ok && strings.HasSuffix(sub, "."+rest) && len(sub) > len(rest)+1
}

// preflight answers one. Without a maxAge nothing is sent, which means the same as the 5 that is the default.
func preflight(h http.Header, c *gatewayv1.HTTPCORSFilter, r *http.Request) {
	if !share(h, c, r) {
		return
	}
	if isAny := slices.Equal(c.AllowMethods, []gatewayv1.HTTPMethodWithWildcard{"*"}); isAny && h.Get(header.AllowCredentials) != "" {
		h.Set(header.AllowMethods, r.Header.Get(header.RequestMethod))
	} else {
		setList(h, header.AllowMethods, c.AllowMethods)
	}
	setList(h, header.AllowHeaders, c.AllowHeaders)
	if c.MaxAge > 0 {
		h.Set(header.MaxAge, strconv.Itoa(int(c.MaxAge)))
	}
}

func setList[T ~string](h http.Header, name string, list []T) {
	var texts []string
	for _, text := range list {
		texts = append(texts, string(text))
	}
	if len(texts) > 0 {
		h.Set(name, strings.Join(texts, ", "))
	}
}
