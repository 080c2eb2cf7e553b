package live_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/live"
)

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// issue makes a certificate for names, good from and for the given times before and after now.
func (a *authority) issue(t *testing.T, from, until time.Duration, names ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(until),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serveTLS starts a server over TLS that speaks HTTP/2 too.
func serveTLS(t *testing.T, config *tls.Config, h http.HandlerFunc) *recorder {
	t.Helper()
	r := record(h)
	r.TLS = config
	r.EnableHTTP2 = true
	r.Config.ErrorLog = log.New(io.Discard, "", 0)
	r.StartTLS()
	t.Cleanup(r.Close)
	return r
}

func TestCertificates(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	const hour = time.Hour
	for _, test := range []struct {
		name    string
		cert    tls.Certificate
		problem string // empty for none
	}{
		{"good", ours.issue(t, -hour, hour, "api.localhost"), ""},
		{"unknown authority", theirs.issue(t, -hour, hour, "api.localhost"), "the certificate of api.localhost is signed by an authority that is not trusted"},
		{"expired", ours.issue(t, -48*hour, -24*hour, "api.localhost"), "the certificate of api.localhost expired on " + time.Now().Add(-24*hour).UTC().Format("2006-01-02")},
		{"not yet valid", ours.issue(t, 24*hour, 48*hour, "api.localhost"), "the certificate of api.localhost is not valid before " + time.Now().Add(24*hour).UTC().Format("2006-01-02")},
		{"another name", ours.issue(t, -hour, hour, "a.example", "b.example"), "the certificate is not for api.localhost; it is for a.example, b.example, 127.0.0.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{test.cert}}, nil)
			n := open(t, live.Config{RootCAs: ours.pool()})
			res, err := do(n, server.at("api.localhost")+"/")
			switch {
			case test.problem == "" && (err != nil || res.Status != 200 || n.Exchanges()[0].Problem != ""):
				t.Errorf("got %+v %+v, error %v, want an answer", res, n.Exchanges(), err)
			case test.problem != "" && (err != nil || res.Error != fetch.ErrorTLS || n.Exchanges()[0].Problem != test.problem || len(server.lines()) > 0):
				t.Errorf("got %+v %+v, error %v, want %s: %s", res, n.Exchanges(), err, fetch.ErrorTLS, test.problem)
			}

			insecure := open(t, live.Config{RootCAs: ours.pool(), Insecure: true})
			res, err = do(insecure, server.at("api.localhost")+"/")
			if err != nil || res.Status != 200 || insecure.Exchanges()[0].Problem != test.problem {
				t.Errorf("insecure: got %+v %+v, error %v, want an answer and the problem %q", res, insecure.Exchanges(), err, test.problem)
			}
		})
	}
}

func TestTLSFailures(t *testing.T) {
	ours := newAuthority(t)
	cert := ours.issue(t, -time.Hour, time.Hour, "api.localhost")
	plain := serve(t, nil)
	old := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, nil)
	wanting := speak(t, func(conn net.Conn) {
		server := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert})
		server.Handshake()
		io.Copy(io.Discard, conn) // or the connection is reset before the alert is read
	})
	cut := speak(t, func(conn net.Conn) { conn.Read(make([]byte, 100)) })
	for _, test := range []struct {
		name, url string
		want      fetch.NetworkError
		problem   string
	}{
		{"no TLS", "https://api.localhost:" + plain.port(), fetch.ErrorTLS, "api.localhost does not speak TLS at this port"},
		{"an old version", old.at("api.localhost"), fetch.ErrorTLS, "TLS with api.localhost failed: "},
		{"a client certificate is wanted", "https://api.localhost:" + port(wanting), fetch.ErrorTLS, "ended the TLS connection: tls: certificate required"},
		{"the connection is cut", "https://api.localhost:" + port(cut), fetch.ErrorReset, "closed the connection without an answer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := open(t, live.Config{RootCAs: ours.pool()})
			res, err := do(n, test.url+"/")
			if err != nil || res.Error != test.want || !strings.Contains(n.Exchanges()[0].Problem, test.problem) {
				t.Errorf("got %+v %+v, error %v, want %s and %q", res, n.Exchanges(), err, test.want, test.problem)
			}
		})
	}
}

func TestHTTP2(t *testing.T) {
	ours := newAuthority(t)
	config := func() *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{ours.issue(t, -time.Hour, time.Hour, "api.localhost")}}
	}
	t.Run("is negotiated, with names as they are", func(t *testing.T) {
		server := serveTLS(t, config(), func(w http.ResponseWriter, r *http.Request) {
			allow(w, r)
			w.Header()["Vary"] = []string{"a", "b"}
		})
		request := &fetch.Request{URL: server.at("api.localhost") + "//a|b/%zz?", Method: "PUT", Body: fetch.BodyText}
		request.URL = server.at("api.localhost") + "/a|b/%5b?x='"
		trace, exchanges := run(t, fetch.Chromium(), live.Config{
			Page: page(t, "https://app.localhost"), Request: request, Body: []byte("body"), RootCAs: ours.pool(), Send: true,
		})
		if trace.Outcome != fetch.Allowed || len(exchanges) != 2 || exchanges[0].Protocol != "HTTP/2.0" || exchanges[1].Protocol != "HTTP/2.0" {
			t.Errorf("got %s %+v, want %s over HTTP/2 twice", trace.Outcome, exchanges, fetch.Allowed)
		}
		equal(t, "requests", server.lines(), []string{
			"OPTIONS api.localhost:" + server.port() + "/a|b/%5b?x=%27", "PUT api.localhost:" + server.port() + "/a|b/%5b?x=%27",
		})
		if lines := trace.Sent[1].Response.Header; lines.Has("Vary") {
			var vary []string
			for v := range lines.Values("Vary") {
				vary = append(vary, v)
			}
			equal(t, "Vary", vary, []string{"a", "b"})
		}
	})
	t.Run("is not what a WebSocket upgrades", func(t *testing.T) {
		server := serveTLS(t, config(), nil)
		request := &fetch.Request{URL: strings.Replace(server.at("api.localhost"), "https", "wss", 1), Initiator: fetch.InitiatorWebSocket}
		_, exchanges := run(t, fetch.Chromium(), live.Config{Page: page(t, "https://app.localhost"), Request: request, RootCAs: ours.pool()})
		if len(exchanges) != 1 || exchanges[0].Protocol != "HTTP/1.1" {
			t.Errorf("got %+v, want HTTP/1.1", exchanges)
		}
	})
	t.Run("is never spoken without TLS", func(t *testing.T) {
		server := serve(t, nil)
		n := open(t, live.Config{})
		if _, err := do(n, server.URL); err != nil || n.Exchanges()[0].Protocol != "HTTP/1.1" {
			t.Errorf("got %+v, error %v, want HTTP/1.1", n.Exchanges(), err)
		}
	})
	t.Run("a stream that is reset is not sent again", func(t *testing.T) {
		server := serveTLS(t, config(), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		n := open(t, live.Config{RootCAs: ours.pool(), Send: true})
		res, err := n.Do(&fetch.Sent{Kind: fetch.KindRequest, Method: "POST", URL: server.at("api.localhost") + "/"})
		if err != nil || res.Error != fetch.ErrorReset || len(server.lines()) != 1 {
			t.Errorf("got %+v, error %v, %d requests; want %s after one", res, err, len(server.lines()), fetch.ErrorReset)
		}
	})
	t.Run("a header that is too long", func(t *testing.T) {
		server := serveTLS(t, config(), func(w http.ResponseWriter, r *http.Request) {
			for i := range 40 {
				w.Header().Add("X", strings.Repeat(string(rune('a'+i%26)), 10_000))
			}
		})
		n := open(t, live.Config{RootCAs: ours.pool()})
		if _, err := do(n, server.at("api.localhost")+"/"); err == nil || !strings.Contains(err.Error(), "longer than 262144 bytes") {
			t.Errorf("got error %v, want one that tells how long it may be", err)
		}
	})
	t.Run("a body that streams", func(t *testing.T) {
		var length int64
		var body []byte
		server := serveTLS(t, config(), func(w http.ResponseWriter, r *http.Request) {
			allow(w, r)
			length = r.ContentLength
			body, _ = io.ReadAll(r.Body)
		})
		request := &fetch.Request{URL: server.at("api.localhost"), Method: "PUT", Body: fetch.BodyStream}
		c := live.Config{Page: page(t, "https://app.localhost"), Request: request, Body: []byte("stream"), RootCAs: ours.pool(), Send: true}
		if trace, _ := run(t, fetch.Chromium(), c); trace.Outcome != fetch.Allowed || length != -1 || string(body) != "stream" {
			t.Errorf("got %s, length %d, body %q; want %s, none and all of it", trace.Outcome, length, body, fetch.Allowed)
		}
		plain := serve(t, nil)
		n := open(t, live.Config{Request: request, Body: []byte("stream"), Send: true})
		_, err := n.Do(&fetch.Sent{Kind: fetch.KindRequest, Method: "PUT", URL: plain.URL})
		if err == nil || !strings.Contains(err.Error(), "over HTTP/2 alone") || len(plain.lines()) > 0 {
			t.Errorf("over HTTP/1.1: got error %v, want one that tells of HTTP/2, and nothing sent", err)
		}
	})
}

// TestHTTP2Shutdown has a server that says goodbye in the middle of a request.
func TestHTTP2Shutdown(t *testing.T) {
	ours := newAuthority(t)
	started := make(chan struct{})
	server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ours.issue(t, -time.Hour, time.Hour, "api.localhost")}}, func(w http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
	})
	go func() {
		<-started
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		server.Config.Shutdown(ctx)
		server.CloseClientConnections()
	}()
	n := open(t, live.Config{RootCAs: ours.pool()})
	within(t, 5*time.Second, func() {
		if res, err := do(n, server.at("api.localhost")+"/"); err != nil || res.Error != fetch.ErrorReset {
			t.Errorf("got %+v, error %v, want %s", res, err, fetch.ErrorReset)
		}
	})
}
