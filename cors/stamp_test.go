package cors_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// Stamp puts on a response what Header lists, whatever is there already, and nothing else of the protocol.
func TestStamp(t *testing.T) {
	for _, row := range []struct {
		name    string
		config  cors.Config
		request cors.Request
	}{
		{"no origin", app(), ask("GET")},
		{"allowed", app(), ask("GET", "Origin: https://app.example")},
		{"refused", app(), ask("GET", "Origin: https://evil.example")},
		{"two origins", app(), ask("GET", "Origin: https://app.example", "Origin: https://app.example")},
		{"same origin", app(), ask("POST", "Origin: https://api.example", "Sec-Fetch-Site: same-origin")},
		{"OPTIONS that is no preflight", app(), ask("OPTIONS", "Origin: https://app.example")},
		{"anybody", public(), ask("GET", "Origin: https://app.example")},
		{"anybody, no origin", public(), ask("GET")},
		{"preflight", app(), ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-id")},
		{"preflight, refused", app(), ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PATCH")},
		{"preflight, anything", public(), ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: a", "Access-Control-Request-Headers: b")},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := policy(t, row.config).Decide(row.request)
			got := http.Header{"Etag": {"1"}, "Vary": {"Accept"}}
			for _, name := range header.ResponseNames() {
				got[name] = []string{"https://upstream.example"}
			}
			d.Stamp(got)
			want := http.Header{"Etag": {"1"}, "Vary": {"Accept"}}
			for _, f := range d.Header() {
				if f.Name == header.Vary {
					want.Add(f.Name, f.Value)
				} else {
					want.Set(f.Name, f.Value)
				}
			}
			for name := range got {
				if strings.Join(got[name], ", ") != strings.Join(want[name], ", ") {
					t.Errorf("%s: got %q, want %q", name, got[name], want[name])
				}
			}
			if len(got) != len(want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestStampKeepsVary(t *testing.T) {
	for _, row := range []struct{ name, there, want string }{
		{"nothing", "", "Origin"},
		{"another", "Accept", "Accept\nOrigin"},
		{"the same", "accept, ORIGIN", "accept, ORIGIN"},
		{"everything", "*", "*"},
	} {
		t.Run(row.name, func(t *testing.T) {
			fields := http.Header{}
			if row.there != "" {
				fields.Set("Vary", row.there)
			}
			d := policy(t, app()).Decide(ask("GET"))
			d.Stamp(fields)
			if got := strings.Join(fields["Vary"], "\n"); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestRequestOf(t *testing.T) {
	fields := http.Header{
		"Origin": {"https://app.example"}, "Access-Control-Request-Method": {"PUT"}, "Access-Control-Request-Headers": {"a", "b"}, "Sec-Fetch-Site": {"cross-site"},
	}
	got := cors.RequestOf("OPTIONS", fields)
	if got.Method != "OPTIONS" || !slices.Equal(got.Origin, fields["Origin"]) || !slices.Equal(got.RequestMethod, fields["Access-Control-Request-Method"]) ||
		!slices.Equal(got.RequestHeaders, fields["Access-Control-Request-Headers"]) || !slices.Equal(got.FetchSite, fields["Sec-Fetch-Site"]) {
		t.Errorf("got %+v", got)
	}
	if got := cors.RequestOf("GET", http.Header{}); got.Origin != nil {
		t.Errorf("got %+v for a request without Origin", got)
	}
}

func TestSameHost(t *testing.T) {
	for _, row := range []struct {
		name    string
		request cors.Request
		host    string
		want    bool
	}{
		{"the same", ask("GET", "Origin: https://api.example"), "api.example", true},
		{"with a port", ask("GET", "Origin: http://localhost:3000"), "localhost:3000", true},
		{"another port", ask("GET", "Origin: http://localhost:3000"), "localhost:3001", false},
		{"another", ask("GET", "Origin: https://app.example"), "api.example", false},
		{"null", ask("GET", "Origin: null"), "null", false},
		{"no origin", ask("GET"), "", false},
		{"two origins", ask("GET", "Origin: https://api.example", "Origin: https://api.example"), "api.example", false},
		{"the browser says what it is", ask("GET", "Origin: https://api.example", "Sec-Fetch-Site: cross-site"), "api.example", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.request.SameHost(row.host); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}
