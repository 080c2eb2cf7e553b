package devproxy_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/devproxy"
)

func TestConfig(t *testing.T) {
	const api = "https://api.example.com"
	for _, row := range []struct {
		name, api, page, listen string
		want                    string // the error; empty for none
	}{
		{"good", api, page, "", ""},
		{"a slash", api + "/", page, "127.0.0.1:0", ""},
		{"over IPv6", api, page, "[::1]:0", ""},
		{"by name", api, page, "localhost:0", ""},
		{"a page elsewhere, over https", api, "https://dev.example.com", "", ""},

		{"no URL", "api.example.com", page, "", `invalid API "api.example.com": want its origin, such as https://api.example.com`},
		{"a path", api + "/v1", page, "", `invalid API "https://api.example.com/v1": want the origin alone, https://api.example.com; pages send the path`},
		{"a query", api + "/?x", page, "", `invalid API "https://api.example.com/?x": want the origin alone, https://api.example.com; pages send the path`},
		{"a password", "https://u:s3cret@api.example.com", page, "", "invalid API: a user name or a password in the URL is for the page to send"},
		{"another scheme", "wss://api.example.com", page, "", `invalid API "wss://api.example.com": scheme wss is not http or https`},
		{"itself", "http://localhost:8788", page, "", `invalid API "http://localhost:8788": the proxy itself listens there`},

		{"a page with a slash", api, page + "/", "", `invalid page "http://localhost:5173/": want its origin, such as http://localhost:5173`},
		{"a page without a scheme", api, "localhost:5173", "", `invalid page "localhost:5173": want its origin, such as http://localhost:5173`},
		{"any page", api, "*", "", `invalid page "*": want its origin, such as http://localhost:5173`},
		{"a pattern", api, "http://localhost:*", "", `invalid page "http://localhost:*": want its origin, such as http://localhost:5173`},
		{"a sandbox", api, "null", "", `invalid page "null": any sandboxed frame has this origin`},
		{"a page elsewhere, over http", api, "http://dev.example.com", "", `invalid page "http://dev.example.com": whoever is on the network can speak for an http origin, and with Credentials act as the signed-in user`},

		{"everywhere", api, page, "0.0.0.0:8788", `invalid address "0.0.0.0:8788": a development proxy listens on loopback alone, such as 127.0.0.1:8788`},
		{"everywhere, in short", api, page, ":8788", `invalid address ":8788": a development proxy listens on loopback alone, such as 127.0.0.1:8788`},
		{"everywhere over IPv6", api, page, "[::]:8788", `invalid address "[::]:8788": a development proxy listens on loopback alone, such as 127.0.0.1:8788`},
		{"a network", api, page, "192.0.2.1:8788", `invalid address "192.0.2.1:8788": a development proxy listens on loopback alone, such as 127.0.0.1:8788`},
		{"a name", api, page, "example.com:8788", `invalid address "example.com:8788": a development proxy listens on loopback alone, such as 127.0.0.1:8788`},
		{"no port", api, page, "127.0.0.1", `invalid address "127.0.0.1": want a loopback address and a port, such as 127.0.0.1:8788`},
		{"a bad port", api, page, "127.0.0.1:65536", `invalid address "127.0.0.1:65536": port "65536" is not a number up to 65535`},

		{"all at once", "ftp://x", "null", "x:1", "invalid API \"ftp://x\": scheme ftp is not http or https\n" +
			"invalid page \"null\": any sandboxed frame has this origin\ninvalid address \"x:1\": a development proxy listens on loopback alone, such as 127.0.0.1:8788"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := devproxy.New(devproxy.Config{API: row.api, Pages: []string{row.page}, Listen: row.listen})
			switch {
			case row.want == "" && err != nil:
				t.Errorf("got %v, want none", err)
			case row.want != "" && (err == nil || err.Error() != row.want):
				t.Errorf("got %v, want %s", err, row.want)
			}
		})
	}
	if _, err := devproxy.New(devproxy.Config{API: api}); err == nil || !strings.Contains(err.Error(), "no page is given") {
		t.Errorf("got %v, want the page that is missing", err)
	}
}

// A page calls the proxy by its own host where that is this machine, so that the two are of one site.
func TestBaseURL(t *testing.T) {
	for _, row := range []struct{ name, page, listen, want string }{
		{"localhost", "http://localhost:5173", "127.0.0.1:0", "http://localhost:PORT"},
		{"a name below it", "http://app.localhost", "[::1]:0", "http://app.localhost:PORT"},
		{"the address", "http://127.0.0.1:5173", "127.0.0.1:0", "http://127.0.0.1:PORT"},
		{"another address", "http://[::1]:5173", "127.0.0.1:0", "http://127.0.0.1:PORT"},
		{"a page elsewhere", "https://dev.example.com", "127.0.0.1:0", "http://127.0.0.1:PORT"},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := start(t, nil, func(c *devproxy.Config) {
				c.API, c.Pages, c.Listen = "https://api.example.com", []string{row.page}, row.listen
			})
			port := g.URL()[strings.LastIndex(g.URL(), ":")+1:]
			if got, want := g.BaseURL(), strings.ReplaceAll(row.want, "PORT", port); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
