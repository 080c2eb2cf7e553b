package devproxy_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/concors/concors/devproxy"
)

// Whom the proxy serves; the API hears of nobody else.
func TestGate(t *testing.T) {
	a := newAPI(t, nil)
	g := start(t, a, func(c *devproxy.Config) { c.Pages = []string{page, "http://app.localhost:3000"} })
	for _, row := range []struct {
		name   string
		method string
		lines  []string
		status int
		why    string
	}{
		{"the page", "GET", nil, 200, ""},
		{"another page", "POST", []string{"Origin: http://app.localhost:3000"}, 200, ""},
		{"its host", "GET", []string{"Host: app.localhost:PORT"}, 200, ""},
		{"the address", "GET", []string{"Host: 127.0.0.1:PORT"}, 200, ""},
		{"a document of the API", "POST", []string{"Origin: http://localhost:PORT"}, 200, ""},
		{"no browser", "POST", []string{"Origin:"}, 200, ""},
		{"an address that was typed", "GET", []string{"Origin:", "Sec-Fetch-Site: none"}, 200, ""},
		{"a link", "GET", []string{"Origin:", "Referer: https://evil.example/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 200, ""},
		{"a picture of the page", "GET", []string{"Origin:", "Referer: " + page + "/", "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"}, 200, ""},

		{"a stranger", "GET", []string{"Origin: https://evil.example"}, 403, "the request is of https://evil.example."},
		{"a stranger that would change something", "POST", []string{"Origin: https://evil.example"}, 403, "of https://evil.example."},
		{"a stranger's preflight", "OPTIONS", []string{"Origin: https://evil.example", "Access-Control-Request-Method: PUT"}, 403, "of https://evil.example."},
		{"another port", "GET", []string{"Origin: http://localhost:5174"}, 403, "of http://localhost:5174."},
		{"a sandbox", "GET", []string{"Origin: null"}, 403, "of null."},
		{"hostile bytes", "GET", []string{"Origin: https://\x80\"evil"}, 403, `of "https://\x80\"evil".`},
		{"a stranger's picture", "GET", []string{"Origin:", "Referer: https://evil.example/x", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"}, 403, "of https://evil.example."},
		{"without a referrer", "GET", []string{"Origin:", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"}, 403, "a page that does not tell its origin"},
		{"a stranger's frame", "GET", []string{"Origin:", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}, 403, "a page that does not tell its origin"},
		{"a stranger's form", "POST", []string{"Origin: https://evil.example", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 403, "of https://evil.example."},

		{"a foreign host", "GET", []string{"Host: evil.example"}, 421, "call http://localhost:"},
		{"a foreign host with the port", "GET", []string{"Host: evil.example:PORT"}, 421, "call http://localhost:"},
		{"another name below localhost", "GET", []string{"Host: other.localhost:PORT"}, 421, "call http://localhost:"},
		{"another port in the host", "GET", []string{"Host: localhost:1"}, 421, "call http://localhost:"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := len(a.requests())
			lines := make([]string, len(row.lines))
			for i, line := range row.lines {
				lines[i] = strings.ReplaceAll(line, "PORT", g.port())
			}
			res, body := g.raw(t, row.method, lines)
			if res.StatusCode != row.status || !strings.Contains(body, row.why) {
				t.Errorf("got %d %q, want %d with %q", res.StatusCode, body, row.status, row.why)
			}
			if passed := len(a.requests()) > before; passed != (row.status == 200) {
				t.Errorf("the API was asked: %t", passed)
			}
			if row.status != 200 && (res.Header.Get("Access-Control-Allow-Origin") != "" || g.last(t).Status != row.status || len(g.last(t).Notes) != 1) {
				t.Errorf("got %v and the report %+v, want nothing granted, and the reason", res.Header, g.last(t))
			}
		})
	}
}

// raw sends bytes that net/http would not send.
func (g *rig) raw(t *testing.T, method string, lines []string) (*http.Response, string) {
	t.Helper()
	head := method + " / HTTP/1.1\r\n"
	host, origin := "Host: localhost:"+g.port(), "Origin: "+page
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "Host:"):
			host = line
		case line == "Origin:":
			origin = ""
		case strings.HasPrefix(line, "Origin:"):
			origin = line
		default:
			head += line + "\r\n"
		}
	}
	if origin != "" {
		head += origin + "\r\n"
	}
	return g.send(t, head+host+"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}

func (g *rig) send(t *testing.T, request string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:"+g.port())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return res, string(body)
}

// It is no open proxy.
func TestNotOpen(t *testing.T) {
	a := newAPI(t, nil)
	g := start(t, a)
	host := "Host: localhost:" + g.port() + "\r\nOrigin: " + page + "\r\nConnection: close\r\n\r\n"
	for _, row := range []struct {
		name, line string
		status     int
	}{
		{"a URL", "GET http://other.example/ HTTP/1.1", 400},
		{"its own URL", "GET http://localhost:" + g.port() + "/ HTTP/1.1", 400},
		{"a tunnel", "CONNECT other.example:443 HTTP/1.1", 405},
		{"the server itself", "OPTIONS * HTTP/1.1", 400},
	} {
		t.Run(row.name, func(t *testing.T) {
			res, body := g.send(t, row.line+"\r\n"+host)
			if res.StatusCode != row.status || !strings.HasPrefix(body, "concors proxy: This is a proxy for one API") || len(a.requests()) > 0 {
				t.Errorf("got %d %q and %d requests, want %d and none", res.StatusCode, body, len(a.requests()), row.status)
			}
		})
	}
}

// A listener on loopback has no other clients; should one come all the same, it is turned away.
func TestOtherMachine(t *testing.T) {
	a := newAPI(t, nil)
	g := start(t, a)
	for _, remote := range []string{"192.0.2.1:4000", "[2001:db8::1]:4000", ""} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.RemoteAddr = "localhost:"+g.port(), remote
		w := httptest.NewRecorder()
		if g.ServeHTTP(w, r); w.Code != 403 || !strings.Contains(w.Body.String(), "of this machine alone") || len(a.requests()) > 0 {
			t.Errorf("%q: got %d %q", remote, w.Code, w.Body)
		}
	}
}
