package cors_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

func policy(t testing.TB, c cors.Config) *cors.Policy {
	t.Helper()
	p, err := cors.New(c)
	if err != nil {
		t.Fatalf("got error %v", err)
	}
	return p
}

// ask makes a request from lines of the form "Name: value"; the first is the method.
func ask(method string, lines ...string) cors.Request {
	r := cors.Request{Method: method}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case header.Origin:
			r.Origin = append(r.Origin, value)
		case header.RequestMethod:
			r.RequestMethod = append(r.RequestMethod, value)
		case header.RequestHeaders:
			r.RequestHeaders = append(r.RequestHeaders, value)
		case header.SecFetchSite:
			r.FetchSite = append(r.FetchSite, value)
		default:
			panic("unknown header " + name)
		}
	}
	return r
}

// app is a policy with a bit of everything.
func app() cors.Config {
	return cors.Config{
		Origins: []string{"https://app.example", "https://*.app.example", "http://localhost:[3000,5173]"}, Methods: []string{"GET", "PUT", "DELETE"},
		RequestHeaders: []string{"Content-Type", "Authorization", "X-Id"}, ResponseHeaders: []string{"X-Total-Count"}, Credentials: true, MaxAge: 3600e9,
	}
}

func public() cors.Config {
	return cors.Config{Origins: []string{"*"}, Methods: []string{"*"}, RequestHeaders: []string{"*"}, ResponseHeaders: []string{"*"}}
}

func TestDecide(t *testing.T) {
	const (
		origin  = "Origin: https://app.example"
		put     = "Access-Control-Request-Method: PUT"
		granted = "Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Credentials: true\n"
		list    = granted + "Access-Control-Allow-Methods: PUT, DELETE\nAccess-Control-Allow-Headers: authorization, content-type, x-id\nAccess-Control-Max-Age: 3600\n"
		vary    = "Vary: Origin\n"
		varies  = "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\n"
		asks    = "Access-Control-Request-Headers: "
	)
	any := cors.Config{Origins: app().Origins, Methods: []string{"*"}, RequestHeaders: []string{"*"}, Credentials: true}
	null := cors.Config{DangerouslyAllowNull: true}
	for _, row := range []struct {
		name    string
		config  cors.Config
		request cors.Request
		kind    cors.Kind
		refusal cors.Refusal
		headers string
		why     string
	}{
		{"no origin", app(), ask("GET"), cors.NotCORS, "", vary, ""},
		{"OPTIONS without asking", app(), ask("OPTIONS", origin), cors.Actual, "", granted + "Access-Control-Expose-Headers: X-Total-Count\n" + vary, ""},
		{"asking without origin", app(), ask("OPTIONS", put), cors.NotCORS, "", vary, ""},
		{"the method of a preflight on another", app(), ask("GET", origin, put), cors.Actual, "", granted + "Access-Control-Expose-Headers: X-Total-Count\n" + vary, ""},
		{"an actual request", app(), ask("GET", origin), cors.Actual, "", granted + "Access-Control-Expose-Headers: X-Total-Count\n" + vary, ""},
		{"of any method: the preflight decided", app(), ask("PATCH", origin), cors.Actual, "", granted + "Access-Control-Expose-Headers: X-Total-Count\n" + vary, ""},
		{"another origin", app(), ask("GET", "Origin: https://evil.example"), cors.Actual, cors.RefusedOrigin, vary, "the origin https://evil.example is not allowed"},
		{"another port", app(), ask("GET", "Origin: https://app.example:8443"), cors.Actual, cors.RefusedOrigin, vary,
			"the origin https://app.example:8443 is not allowed; it differs from https://app.example only in the port"},
		{"another scheme", app(), ask("GET", "Origin: http://app.example"), cors.Actual, cors.RefusedOrigin, vary,
			"the origin http://app.example is not allowed; it differs from https://app.example only in the scheme"},
		{"www", app(), ask("GET", "Origin: http://www.localhost:3000"), cors.Actual, cors.RefusedOrigin, vary,
			"the origin http://www.localhost:3000 is not allowed; it differs from http://localhost:[3000,5173] only in the host"},
		{"no serialized origin", app(), ask("GET", "Origin: https://app.example/\x1b"), cors.Actual, cors.RefusedOrigin, vary,
			`"https://app.example/\x1b" is not an origin as browsers write it`},
		{"several lines", app(), ask("GET", origin, origin), cors.Actual, cors.RefusedOrigins, vary, "the request has 2 Origin lines, and a browser sends one"},
		{"null", app(), ask("GET", "Origin: null"), cors.Actual, cors.RefusedNull, vary, "the origin is null, which any page can have by way of a sandboxed frame"},
		{"the same origin", app(), ask("POST", "Origin: https://api.example", "Sec-Fetch-Site: same-origin"), cors.NotCORS, "", vary, ""},
		{"null, dangerously", null, ask("GET", "Origin: null"), cors.Actual, "", "Access-Control-Allow-Origin: null\n" + vary, ""},

		{"a preflight", app(), ask("OPTIONS", origin, put, asks+"content-type,x-id"), cors.Preflight, "", list + varies, ""},
		{"order, case, space, lines and nothing", app(), ask("OPTIONS", origin, put, asks+"X-ID ,\tcontent-type,, x-id", asks, asks+"AUTHORIZATION"), cors.Preflight, "", list + varies, ""},
		{"a safelisted method", app(), ask("OPTIONS", origin, "Access-Control-Request-Method: POST"), cors.Preflight, "", list + varies, ""},
		{"a method that is not allowed", app(), ask("OPTIONS", origin, "Access-Control-Request-Method: PATCH"), cors.Preflight, cors.RefusedMethod, varies,
			"the method PATCH is not allowed; allowed are GET, HEAD, POST, PUT, DELETE"},
		{"a method in another case", app(), ask("OPTIONS", origin, "Access-Control-Request-Method: Put"), cors.Preflight, cors.RefusedMethod, varies,
			"the method Put is not allowed; PUT is, and methods are compared byte for byte"},
		{"no method", app(), ask("OPTIONS", origin, "Access-Control-Request-Method: P UT"), cors.Preflight, cors.RefusedMethodInvalid, varies, `the preflight asks for "P UT", which is not a method`},
		{"several methods", app(), ask("OPTIONS", origin, put, put), cors.Preflight, cors.RefusedMethodInvalid, varies, "the preflight has 2 Access-Control-Request-Method lines, and a browser sends one"},
		{"a header that is not allowed", app(), ask("OPTIONS", origin, put, asks+"content-type,x-other"), cors.Preflight, cors.RefusedHeader, varies,
			"the header x-other is not allowed; allowed are authorization, content-type, x-id"},
		{"no header", app(), ask("OPTIONS", origin, put, asks+"x id"), cors.Preflight, cors.RefusedHeaderInvalid, varies, `the preflight asks for "x id", which is not a header name`},
		{"a preflight of another origin", app(), ask("OPTIONS", "Origin: https://evil.example", put), cors.Preflight, cors.RefusedOrigin, varies, "the origin https://evil.example is not allowed"},
		{"too many headers", app(), ask("OPTIONS", origin, put, asks+strings.Repeat(",", 1<<20)), cors.Preflight, cors.RefusedHeadersLength, varies, "the preflight asks for more headers than a browser ever does"},
		{"too many lines", app(), cors.Request{Method: "OPTIONS", Origin: []string{"https://app.example"}, RequestMethod: []string{"PUT"}, RequestHeaders: make([]string, 30000)},
			cors.Preflight, cors.RefusedHeadersLength, varies, "the preflight asks for more headers than a browser ever does"},

		{"anybody", public(), ask("GET", "Origin: https://any.example"), cors.Actual, "", "Access-Control-Allow-Origin: *\nAccess-Control-Expose-Headers: *\n", ""},
		{"anybody, without origin", public(), ask("GET"), cors.NotCORS, "", "Access-Control-Allow-Origin: *\nAccess-Control-Expose-Headers: *\n", ""},
		{"anybody's preflight", public(), ask("OPTIONS", origin, put, asks+"x-id"), cors.Preflight, "",
			"Access-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: x-id\n" + varies, ""},
		{"* does not cover Authorization", public(), ask("OPTIONS", origin, put, asks+"authorization"), cors.Preflight, cors.RefusedHeader, varies,
			"the preflight asks for Authorization, which * does not cover; it must be named beside it"},
		{"with credentials it does", any, ask("OPTIONS", origin, put, asks+"authorization"), cors.Preflight, "",
			granted + "Access-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: authorization\n" + varies, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := policy(t, row.config).Decide(row.request)
			if d.Kind != row.kind || d.Refusal != row.refusal || d.Why() != row.why {
				t.Errorf("got %v, refusal %q, why %q; want %v, %q, %q", d.Kind, d.Refusal, d.Why(), row.kind, row.refusal, row.why)
			}
			if got := text(d.Header()); got != row.headers {
				t.Errorf("got headers\n%swant\n%s", got, row.headers)
			}
		})
	}
}

func text(list header.List) string {
	var b strings.Builder
	for _, field := range list {
		b.WriteString(field.Name + ": " + field.Value + "\n")
	}
	return b.String()
}

func TestDecideAllocates(t *testing.T) {
	p := policy(t, app())
	requests := []cors.Request{
		ask("GET"), ask("GET", "Origin: https://app.example"), ask("GET", "Origin: https://evil.example"),
		ask("OPTIONS", "Origin: https://a.app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type, X-ID"),
		ask("OPTIONS", "Origin: https://a.app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: "+strings.Repeat("x", 1<<20)),
	}
	for _, r := range requests {
		if n := testing.AllocsPerRun(100, func() { p.Decide(r) }); n != 0 {
			t.Errorf("%+.100v: got %v allocations", r, n)
		}
	}
}

// The zero policy allows nobody.
func TestZeroPolicy(t *testing.T) {
	d := new(cors.Policy).Decide(ask("GET", "Origin: https://app.example"))
	if d.Allowed() || slices.ContainsFunc(d.Header(), func(f header.Field) bool { return f.Name != header.Vary }) {
		t.Errorf("got %+v", d)
	}
}

// A policy of many origins looks through some of them for the nearest one, for whoever is refused can ask again and again.
func TestWhyIsBounded(t *testing.T) {
	c := cors.Config{}
	for i := range 2000 {
		c.Origins = append(c.Origins, fmt.Sprintf("https://app%d.example", i))
	}
	p := policy(t, c)
	for _, row := range []struct{ origin, want string }{
		{"http://app7.example", "the origin http://app7.example is not allowed; it differs from https://app7.example only in the scheme"},
		{"http://app1900.example", "the origin http://app1900.example is not allowed"},
	} {
		t.Run(row.origin, func(t *testing.T) {
			d := p.Decide(ask("GET", "Origin: "+row.origin))
			if got := d.Why(); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
