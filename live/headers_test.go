package live_test

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/live"
)

// TestHeaders is a sample of what e2e/live compares with real browsers.
func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		name    string
		profile fetch.Profile
		request fetch.Request
		want    map[string]string // empty for a header that is not there
	}{
		{"the Standard sends what Chromium sends", fetch.Standard(), fetch.Request{}, map[string]string{
			"Accept": "*/*", "Accept-Language": "en-US,en;q=0.9", "Accept-Encoding": "gzip, deflate, br, zstd", "Connection": "keep-alive",
			"Sec-Ch-Ua-Mobile": "?0", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "cross-site",
			"Referer": "http://app.localhost/", "Origin": "http://app.localhost", "Sec-Fetch-User": "", "Range": "",
		}},
		{"Firefox", fetch.Firefox(), fetch.Request{}, map[string]string{"Sec-Ch-Ua": "", "Priority": "u=4"}},
		{"WebKit", fetch.WebKit(), fetch.Request{}, map[string]string{"Sec-Ch-Ua": "", "Accept-Encoding": "gzip, deflate", "Priority": ""}},
		{"image", fetch.Firefox(), fetch.Request{Initiator: fetch.InitiatorImage}, map[string]string{
			"Accept": "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors", "Origin": "",
		}},
		{"image with cors", fetch.Chromium(), fetch.Request{Initiator: fetch.InitiatorImage, Mode: fetch.ModeCORS}, map[string]string{"Sec-Fetch-Mode": "cors"}},
		{"media", fetch.Chromium(), fetch.Request{Initiator: fetch.InitiatorMedia}, map[string]string{"Range": "bytes=0-", "Accept-Encoding": "identity", "Sec-Fetch-Dest": "video"}},
		{"stylesheet", fetch.Chromium(), fetch.Request{Initiator: fetch.InitiatorStyle}, map[string]string{"Accept": "text/css,*/*;q=0.1"}},
		{"link", fetch.Chromium(), fetch.Request{Initiator: fetch.InitiatorLink}, map[string]string{
			"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-User": "?1", "Upgrade-Insecure-Requests": "1", "Sec-Fetch-Storage-Access": "",
		}},
		{"event source", fetch.Chromium(), fetch.Request{Initiator: fetch.InitiatorEventSource}, map[string]string{
			"Accept": "text/event-stream", "Cache-Control": "no-cache", "Pragma": "no-cache",
		}},
		{"reload", fetch.Chromium(), fetch.Request{Cache: fetch.CacheReload}, map[string]string{"Cache-Control": "no-cache", "Pragma": "no-cache"}},
		{"no-cache", fetch.Chromium(), fetch.Request{Cache: fetch.CacheNoCache}, map[string]string{"Cache-Control": "max-age=0", "Pragma": ""}},
		{"the script's own headers stand", fetch.Firefox(), fetch.Request{Cache: fetch.CacheNoStore, Header: header.List{
			{Name: "Accept", Value: "text/x"}, {Name: "accept-language", Value: "de"}, {Name: "User-Agent", Value: "me"}, {Name: "Cache-Control", Value: "max-age=3"},
		}}, map[string]string{"Accept": "text/x", "Accept-Language": "de", "User-Agent": "me", "Cache-Control": "max-age=3", "Pragma": "no-cache"}},
		{"but for the User-Agent in Chromium", fetch.Chromium(), fetch.Request{Header: header.List{{Name: "user-agent", Value: "me"}}}, map[string]string{
			"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
		}},
		{"an empty value", fetch.Standard(), fetch.Request{Header: header.List{{Name: "X-A", Value: ""}}}, map[string]string{"X-A": ""}},
		{"bytes that are no text", fetch.Standard(), fetch.Request{Header: header.List{{Name: "X-A", Value: "\xff\xe9\t\x80"}}}, map[string]string{"X-A": "\xff\xe9\t\x80"}},
		{"a name that is there twice", fetch.Firefox(), fetch.Request{Header: header.List{{Name: "X-A", Value: "1"}, {Name: "x-a", Value: "2"}}}, map[string]string{"X-A": "1, 2"}},
		{"credentials to another site", fetch.Chromium(), fetch.Request{Credentials: fetch.CredentialsInclude}, map[string]string{"Sec-Fetch-Storage-Access": "active"}},
		{"credentials to another site, blocked", fetch.Firefox(), fetch.Request{Credentials: fetch.CredentialsInclude}, map[string]string{"Sec-Fetch-Storage-Access": "none"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				allow(w, r)
				w.Header().Set("Access-Control-Allow-Headers", "*, user-agent, x-a, cache-control, accept")
			})
			test.request.URL = server.at("api.localhost")
			run(t, test.profile, live.Config{Request: &test.request})
			got := server.last(t).Header
			for name, want := range test.want {
				if value := strings.Join(got[name], " | "); value != want {
					t.Errorf("got %s: %q, want %q", name, value, want)
				}
			}
		})
	}
}

// TestSpelling looks at the bytes: names go out as script and browser write them, each once.
func TestSpelling(t *testing.T) {
	heads := make(chan string, 1)
	address := speak(t, func(conn net.Conn) {
		heads <- readHead(conn)
		conn.Write([]byte("HTTP/1.1 204 No Content\r\n\r\n"))
	})
	n := open(t, live.Config{})
	_, err := n.Do(&fetch.Sent{Kind: fetch.KindRequest, Method: "GET", URL: "http://" + address + "/a%zz|b?c='", Header: header.List{
		{Name: "Origin", Value: "http://app.localhost"}, {Name: "x-lower", Value: "1"}, {Name: "X-MiXeD", Value: "2"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(<-heads), "\r\n")
	if want := "GET /a%zz|b?c=%27 HTTP/1.1"; lines[0] != want {
		t.Errorf("got request line %q, want %q", lines[0], want)
	}
	seen := map[string]int{}
	for _, line := range lines[1:] {
		name, _, _ := strings.Cut(line, ":")
		seen[strings.ToLower(name)]++
	}
	for name, count := range seen {
		if count != 1 {
			t.Errorf("%s stands %d times", name, count)
		}
	}
	for _, want := range []string{"Host: " + address, "x-lower: 1", "X-MiXeD: 2", "sec-ch-ua-mobile: ?0", "Origin: http://app.localhost"} {
		if !slices.Contains(lines, want) {
			t.Errorf("got %q, want a line %q", lines, want)
		}
	}
}

func TestWhatNetHTTPCannotSend(t *testing.T) {
	for _, test := range []struct {
		name string
		sent fetch.Sent
		want string
	}{
		{"control byte in a value", fetch.Sent{Method: "GET", URL: "http://api.localhost/", Header: header.List{{Name: "X-A", Value: "a\x01b"}}}, `header "X-A": net/http cannot send a value with a control byte`},
		{"DEL in a value", fetch.Sent{Method: "GET", URL: "http://api.localhost/", Header: header.List{{Name: "X-A", Value: "a\x7f"}}}, "control byte"},
		{"host", fetch.Sent{Method: "GET", URL: "http://a{b.localhost/"}, `host "a{b.localhost": net/http cannot send it`},
		{"path that begins like a host and does not decode", fetch.Sent{Method: "GET", URL: "http://api.localhost//%zz"}, `path "//%zz": net/http cannot send it`},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := open(t, live.Config{})
			test.sent.Kind = fetch.KindRequest
			_, err := n.Do(&test.sent)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
	n := open(t, live.Config{Request: &fetch.Request{Initiator: fetch.InitiatorWebTransport}, Send: true})
	if _, err := n.Do(&fetch.Sent{Kind: fetch.KindRequest, Method: "CONNECT", URL: "https://api.localhost/"}); err == nil || !strings.Contains(err.Error(), "HTTP/3") {
		t.Errorf("got error %v, want one that tells of HTTP/3", err)
	}
}

func TestMetadataGoesToTrustworthyURLs(t *testing.T) {
	server := serve(t, nil)
	resolution, err := live.ParseResolve("api.example:" + server.port() + ":127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	request := &fetch.Request{URL: server.at("api.example")}
	run(t, fetch.Chromium(), live.Config{Request: request, Resolve: []live.Resolution{resolution}})
	for name := range server.last(t).Header {
		if strings.HasPrefix(name, "Sec-") {
			t.Errorf("%s goes to %s", name, request.URL)
		}
	}
}

func TestSites(t *testing.T) {
	a, b, c := serve(t, nil), serve(t, nil), serve(t, nil)
	hops := func(urls ...string) string { return strings.Join(urls, " ") }
	home, site, other := a.at("app.localhost"), b.at("app.localhost"), c.at("api.localhost")
	for _, test := range []struct {
		name     string
		chain    string
		chromium string // of each hop
		firefox  string
		webkit   string // - for none
	}{
		{"home", hops(home), "same-origin", "same-origin", "same-origin"},
		{"within the site", hops(site), "same-site", "same-site", "same-site"},
		{"another site", hops(other), "cross-site", "cross-site", "cross-site"},
		{"home, then within the site", hops(home, site), "same-origin same-site", "same-origin cross-site", "same-origin -"},
		{"within the site, then home", hops(site, home), "same-site same-site", "same-site cross-site", "same-site -"},
		{"another site, then home", hops(other, home), "cross-site cross-site", "cross-site cross-site", "cross-site -"},
		{"home, then home", hops(home, home+"/x"), "same-origin same-origin", "same-origin same-origin", "same-origin same-origin"},
	} {
		for profile, want := range map[string]string{"chromium": test.chromium, "firefox": test.firefox, "webkit": test.webkit} {
			t.Run(test.name+" in "+profile, func(t *testing.T) {
				n := open(t, live.Config{Browser: profile, Page: page(t, home)})
				var got []string
				for hop, u := range strings.Fields(test.chain) {
					if _, err := n.Do(&fetch.Sent{Kind: fetch.KindRequest, Method: "GET", URL: u + "/", Hop: hop}); err != nil {
						t.Fatal(err)
					}
					server := a
					switch {
					case strings.HasPrefix(u, site):
						server = b
					case strings.HasPrefix(u, other):
						server = c
					}
					value := server.last(t).Header.Get("Sec-Fetch-Site")
					if value == "" {
						value = "-"
					}
					got = append(got, value)
				}
				if got := strings.Join(got, " "); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			})
		}
	}
}

func TestWebSocket(t *testing.T) {
	heads := make(chan string, 2)
	address := speak(t, func(conn net.Conn) {
		head := readHead(conn)
		heads <- head
		if strings.Contains(head, "/no") {
			conn.Write([]byte("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"))
			return
		}
		conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"))
		conn.Read(make([]byte, 1)) // stays open, as a WebSocket does
	})
	_, port, _ := net.SplitHostPort(address)
	for _, test := range []struct {
		path   string
		status int
	}{{"/yes", 101}, {"/no", 403}} {
		t.Run(test.path, func(t *testing.T) {
			request := &fetch.Request{URL: "ws://api.localhost:" + port + test.path, Initiator: fetch.InitiatorWebSocket}
			trace, exchanges := run(t, fetch.Chromium(), live.Config{Request: request, Cookie: "a=1"})
			if status := trace.Sent[0].Response.Status; status != test.status || exchanges[0].Protocol != "HTTP/1.1" {
				t.Errorf("got status %d over %s, want %d", status, exchanges[0].Protocol, test.status)
			}
			head := <-heads
			for _, want := range []string{"Connection: Upgrade\r\n", "Upgrade: websocket\r\n", "Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Key: ", "Origin: http://app.localhost\r\n", "Cookie: a=1\r\n"} {
				if !strings.Contains(head, want) {
					t.Errorf("got %q, want %q in it", head, want)
				}
			}
			for _, not := range []string{"Referer:", "Accept:", "Sec-Fetch-"} {
				if strings.Contains(head, not) {
					t.Errorf("got %q, want no %s", head, not)
				}
			}
		})
	}
}
