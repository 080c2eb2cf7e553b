package live_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/live"
)

// httpProxy is a proxy that leads every name to loopback, and the request lines that it got.
func httpProxy(t *testing.T, answer string) (address string, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var lines []string
	address = speak(t, func(conn net.Conn) {
		br := bufio.NewReader(conn)
		req, err := http.ReadRequest(br)
		if err != nil {
			return
		}
		mu.Lock()
		lines = append(lines, req.Method+" "+req.RequestURI+" "+req.Header.Get("Proxy-Authorization"))
		mu.Unlock()
		if answer != "" {
			io.WriteString(conn, answer)
			return
		}
		_, port, err := net.SplitHostPort(req.Host)
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			io.WriteString(conn, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
			return
		}
		defer server.Close()
		if req.Method == "CONNECT" {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		} else {
			req.Header.Del("Proxy-Authorization")
			req.Write(server)
		}
		join(conn, br, server)
	})
	return address, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string{}, lines...)
	}
}

// join passes bytes on between a client, of which something may have been read, and a server, until one has enough.
func join(client net.Conn, from io.Reader, server net.Conn) {
	go func() {
		io.Copy(server, from)
		server.Close()
	}()
	io.Copy(client, server)
}

func TestProxy(t *testing.T) {
	ours := newAuthority(t)
	plain := serve(t, nil)
	secure := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ours.issue(t, -time.Hour, time.Hour, "api.example")}}, nil)
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("u:p"))
	for _, test := range []struct {
		name  string
		proxy string // %s is its address
		env   map[string]string
		url   string
		want  string // request line that the proxy gets; empty when it gets none
	}{
		{"http", "http://%s", nil, plain.at("api.example") + "/a?b", "GET " + plain.at("api.example") + "/a?b "},
		{"http, with a path that net/url would change", "http://%s", nil, plain.at("api.example") + "//a|b", "GET " + plain.at("api.example") + "//a|b "},
		{"https goes through a tunnel", "http://%s", nil, secure.at("api.example") + "/a", "CONNECT api.example:" + secure.port() + " "},
		{"user info", "http://u:p@%s", nil, plain.at("api.example") + "/", "GET " + plain.at("api.example") + "/ " + basic},
		{"without a scheme", "%s", nil, plain.at("api.example") + "/", "GET " + plain.at("api.example") + "/ "},
		{"one that is given is for loopback too", "http://%s", nil, plain.at("api.localhost") + "/", "GET " + plain.at("api.localhost") + "/ "},
		{"http_proxy", "", map[string]string{"http_proxy": "http://%s", "HTTPS_PROXY": "http://bad.invalid"}, plain.at("api.example") + "/", "GET " + plain.at("api.example") + "/ "},
		{"HTTPS_PROXY", "", map[string]string{"HTTPS_PROXY": "%s"}, secure.at("api.example") + "/", "CONNECT api.example:" + secure.port() + " "},
		{"all_proxy", "", map[string]string{"all_proxy": "%s"}, plain.at("api.example") + "/", "GET " + plain.at("api.example") + "/ "},
		{"not for loopback", "", map[string]string{"http_proxy": "%s"}, plain.at("api.localhost") + "/", ""},
		{"not for a loopback address", "", map[string]string{"http_proxy": "%s"}, plain.URL + "/", ""},
		{"a given one hides the environment", "http://%s", map[string]string{"http_proxy": "http://bad.invalid"}, plain.at("api.example") + "/", "GET " + plain.at("api.example") + "/ "},
	} {
		t.Run(test.name, func(t *testing.T) {
			address, asked := httpProxy(t, "")
			fill := func(s string) string { return strings.Replace(s, "%s", address, 1) }
			n := open(t, live.Config{Proxy: fill(test.proxy), Getenv: func(name string) string { return fill(test.env[name]) }, RootCAs: ours.pool()})
			res, err := do(n, test.url)
			if err != nil || res.Status != 200 {
				t.Fatalf("got %+v %+v, error %v, want an answer", res, n.Exchanges(), err)
			}
			want := []string{test.want}
			if test.want == "" {
				want = []string{}
			} else if remote := n.Exchanges()[0].Remote; remote != address {
				t.Errorf("got remote %s, want the proxy's", remote)
			}
			equal(t, "the proxy", asked(), want)
		})
	}
}

func TestProxyIsPassedBy(t *testing.T) {
	server := serve(t, nil)
	address, asked := httpProxy(t, "")
	resolution, err := live.ParseResolve("api.example:" + server.port() + ":127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, host, none string
		resolve          []live.Resolution
	}{
		{"for a name that is resolved", "api.example", "", []live.Resolution{resolution}},
		{"for no_proxy", "0.0.0.0", "0.0.0.0", nil}, // which is no loopback address, and leads there
	} {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{"http_proxy": address, "NO_PROXY": test.none}
			n := open(t, live.Config{Resolve: test.resolve, Getenv: func(name string) string { return env[name] }})
			if _, err := do(n, server.at(test.host)); err != nil {
				t.Error(err)
			}
			equal(t, "the proxy", asked(), []string{})
		})
	}
}

func TestProxyFailures(t *testing.T) {
	closed, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	refusing, _ := httpProxy(t, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
	nonsense := speak(t, func(conn net.Conn) {
		conn.Read(make([]byte, 100))
		io.WriteString(conn, "nonsense\r\n\r\n")
	})
	for _, test := range []struct {
		name, proxy, url, want string
	}{
		{"nobody is there", "http://u:hidden@" + closed.Addr().String(), "http://api.example/", "the proxy " + closed.Addr().String() + ": " + closed.Addr().String() + ": connection refused"},
		{"it refuses", "http://u:hidden@" + refusing, "https://api.example/", "the proxy " + refusing + ": it answered 407 Proxy Authentication Required"},
		{"it talks nonsense", "http://u:hidden@" + nonsense, "https://api.example/", "the proxy " + nonsense + ": malformed HTTP"},
		{"it is no SOCKS proxy", "socks5://u:hidden@" + nonsense, "http://api.example/", "the proxy " + nonsense + ": "},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := open(t, live.Config{Proxy: test.proxy})
			_, err := do(n, test.url)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hidden") {
				t.Errorf("got error %v, want one with %q and no secret", err, test.want)
			}
		})
	}
}

// TestTLSThroughProxy: a certificate that is bad behind a proxy is the server's.
func TestTLSThroughProxy(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	secure := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{theirs.issue(t, -time.Hour, time.Hour, "api.example")}}, nil)
	address, _ := httpProxy(t, "")
	n := open(t, live.Config{Proxy: "http://" + address, RootCAs: ours.pool()})
	res, err := do(n, secure.at("api.example"))
	if err != nil || res.Error != fetch.ErrorTLS || !strings.Contains(n.Exchanges()[0].Problem, "not trusted") {
		t.Errorf("got %+v %+v, error %v, want %s", res, n.Exchanges(), err, fetch.ErrorTLS)
	}
}

// TestSOCKS has a proxy that takes every request to connect, and connects to loopback.
func TestSOCKS(t *testing.T) {
	server := serve(t, nil)
	names := make(chan string, 1)
	address := speak(t, func(conn net.Conn) {
		// https://www.rfc-editor.org/rfc/rfc1928
		b := make([]byte, 300)
		io.ReadFull(conn, b[:2])
		io.ReadFull(conn, b[:b[1]])
		conn.Write([]byte{5, 0})
		io.ReadFull(conn, b[:5])
		length := int(b[4])
		io.ReadFull(conn, b[:length+2])
		names <- fmt.Sprintf("%s:%d", b[:length], int(b[length])<<8|int(b[length+1]))
		conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		out, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			return
		}
		defer out.Close()
		join(conn, conn, out)
	})
	n := open(t, live.Config{Proxy: "socks5://" + address})
	res, err := do(n, server.at("api.example"))
	if err != nil || res.Status != 200 {
		t.Fatalf("got %+v, error %v, want an answer", res, err)
	}
	if name := <-names; name != "api.example:"+server.port() {
		t.Errorf("the proxy was asked for %s, want api.example:%s", name, server.port())
	}
}
