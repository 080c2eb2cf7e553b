package live_test

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/concors/concors/live"
)

func TestParseResolve(t *testing.T) {
	for _, test := range []struct {
		text string
		want live.Resolution
		err  string
	}{
		{"api.example:443:192.0.2.1", live.Resolution{"api.example", 443, addresses("192.0.2.1")}, ""},
		{"API.Example:80:192.0.2.1,[2001:db8::1],::1", live.Resolution{"api.example", 80, addresses("192.0.2.1", "2001:db8::1", "::1")}, ""},
		{"bücher.example:80:192.0.2.1", live.Resolution{"xn--bcher-kva.example", 80, addresses("192.0.2.1")}, ""},
		{"[2001:DB8::1]:80:127.0.0.1", live.Resolution{"[2001:db8::1]", 80, addresses("127.0.0.1")}, ""},
		{"*:8080:127.0.0.1", live.Resolution{"*", 8080, addresses("127.0.0.1")}, ""},
		{"", live.Resolution{}, "want HOST:PORT:ADDRESS"},
		{"a.example:443", live.Resolution{}, "want HOST:PORT:ADDRESS"},
		{"2001:db8::1:80:127.0.0.1", live.Resolution{}, "the port is not a number from 1 to 65535"},
		{"a.example:0:127.0.0.1", live.Resolution{}, "the port"},
		{"a.example:65536:127.0.0.1", live.Resolution{}, "the port"},
		{"a.example:443:b.example", live.Resolution{}, "not an IP address after the port"},
		{"a.example:443:127.0.0.1,", live.Resolution{}, "not an IP address after the port"},
		{"a.example:443:fe80::1%eth0", live.Resolution{}, "not an IP address after the port"},
		{"a.example:443:[127.0.0.1]", live.Resolution{}, "brackets are for an IPv6 address"},
		{"a/b:443:127.0.0.1", live.Resolution{}, "not a host before the first colon"},
		{"u@a.example:443:127.0.0.1", live.Resolution{}, "not a host before the first colon"},
		{":443:127.0.0.1", live.Resolution{}, "not a host before the first colon"},
		{"-a.example:443", live.Resolution{}, "want HOST:PORT:ADDRESS"},
	} {
		t.Run(test.text, func(t *testing.T) {
			got, err := live.ParseResolve(test.text)
			if d := cmp.Diff(test.want, got, cmpopts.EquateComparable(netip.Addr{})); d != "" {
				t.Errorf("want (-) and got (+) differ:\n%s", d)
			}
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("got error %v, want %q", err, test.err)
			}
		})
	}
}

func addresses(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, a := range list {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}

// FuzzParseResolve: what is read says the same when it is written and read again.
func FuzzParseResolve(f *testing.F) {
	for _, seed := range []string{"a.example:443:127.0.0.1", "[::1]:80:[::1],127.0.0.1", "*:1:::", "[a]:1:1.1.1.1", "a:b:c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := live.ParseResolve(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("the error is not one line: %q", err)
			}
			return
		}
		var list []string
		for _, a := range r.Addresses {
			list = append(list, a.String())
		}
		again, err := live.ParseResolve(fmt.Sprintf("%s:%d:%s", r.Host, r.Port, strings.Join(list, ",")))
		if d := cmp.Diff(r, again, cmpopts.EquateComparable(netip.Addr{})); err != nil || d != "" {
			t.Errorf("read again, error %v: %s", err, d)
		}
	})
}

func TestResolve(t *testing.T) {
	server := serve(t, nil)
	for _, test := range []struct {
		name    string
		url     string
		resolve string
	}{
		{"a name", server.at("api.example"), "api.example:" + server.port() + ":127.0.0.1"},
		{"any name", server.at("other.example"), "*:" + server.port() + ":127.0.0.1"},
		{"an address", server.at("192.0.2.7"), "192.0.2.7:" + server.port() + ":127.0.0.1"},
		{"the first address that answers", server.at("api.example"), "api.example:" + server.port() + ":127.0.0.2,127.0.0.1"},
		{"localhost as it is", server.at("localhost"), ""},
		{"a name below localhost", server.at("a.b.localhost"), ""},
		{"with a dot at its end", server.at("a.localhost."), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var c live.Config
			if test.resolve != "" {
				r, err := live.ParseResolve(test.resolve)
				if err != nil {
					t.Fatal(err)
				}
				c.Resolve = []live.Resolution{r}
			}
			n := open(t, c)
			res, err := do(n, test.url)
			if err != nil || res.Status != 200 {
				t.Fatalf("got %+v, error %v, want an answer", res, err)
			}
			if host := server.last(t).Host; "http://"+host != test.url {
				t.Errorf("got Host %s, want %s", host, test.url)
			}
			if remote := n.Exchanges()[0].Remote; remote != server.Listener.Addr().String() {
				t.Errorf("got remote %s, want %s", remote, server.Listener.Addr())
			}
		})
	}
}

// TestResolvedWithoutServer looks at where a connection goes when, as far as is known, nobody is there.
func TestResolvedWithoutServer(t *testing.T) {
	for _, test := range []struct {
		name, url string
		resolve   live.Resolution
		want      string
	}{
		{"localhost", "http://localhost:9/", live.Resolution{Host: "localhost", Port: 9, Addresses: addresses("127.0.0.9")}, "127.0.0.9:9"},
		{"the default port", "http://api.example/", live.Resolution{Host: "api.example", Port: 80, Addresses: addresses("127.0.0.9")}, "127.0.0.9:80"},
		{"all addresses", "http://api.example:9/", live.Resolution{Host: "*", Port: 9, Addresses: addresses("127.0.0.8", "127.0.0.9")}, "127.0.0.9:9"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := open(t, live.Config{Resolve: []live.Resolution{test.resolve}})
			if _, err := do(n, test.url); err != nil {
				t.Fatal(err)
			}
			if e := n.Exchanges()[0]; !strings.Contains(e.Remote+e.Problem, test.want) {
				t.Errorf("got %+v, want a connection to %s", e, test.want)
			}
		})
	}
}

// TestLoopbackFamily has a server on each loopback address, with the same port.
func TestLoopbackFamily(t *testing.T) {
	v4, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(v4.Addr().String())
	v6, err := net.Listen("tcp6", "[::1]:"+port)
	if err != nil {
		v4.Close()
		t.Skip("no IPv6 loopback here, or the port is taken:", err)
	}
	for _, l := range []net.Listener{v4, v6} {
		server := &http.Server{Handler: http.HandlerFunc(allow)}
		go server.Serve(l)
		t.Cleanup(func() { server.Close() })
	}
	for browser, want := range map[string]string{"chromium": "[::1]:" + port, "firefox": "127.0.0.1:" + port, "webkit": "[::1]:" + port} {
		t.Run(browser, func(t *testing.T) {
			n := open(t, live.Config{Browser: browser})
			if _, err := do(n, "http://localhost:"+port+"/"); err != nil || n.Exchanges()[0].Remote != want {
				t.Errorf("got %+v, error %v, want %s", n.Exchanges(), err, want)
			}
		})
	}
	v6.Close()
	n := open(t, live.Config{Browser: "chromium"})
	if res, err := do(n, "http://localhost:"+port+"/"); err != nil || res.Status != 200 {
		t.Errorf("without IPv6: got %+v, error %v, want the answer over IPv4", res, err)
	}
}

func TestIPv6(t *testing.T) {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 loopback here:", err)
	}
	server := record(nil)
	server.Listener.Close()
	server.Listener = l
	server.Start()
	t.Cleanup(server.Close)
	if res, err := do(open(t, live.Config{}), server.at("[::1]")+"/"); err != nil || res.Status != 200 || server.last(t).Host != l.Addr().String() {
		t.Errorf("got %+v, error %v, want an answer", res, err)
	}
}
