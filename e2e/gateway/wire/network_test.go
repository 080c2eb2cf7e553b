package wire_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quic-go/quic-go/http3"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// answerHeader tells the upstream which of the answers to give. No page sends it, and no policy is about it.
const answerHeader = "Concors-Test-Answer"

// A site is a gateway that serves policies, each under a host of its own, in front of one upstream.
type site struct {
	clients map[string]*http.Client // by protocol
	host    string                  // with %d for the number of the policy

	mu      sync.Mutex
	answers []fetch.Response // what the upstream answers
}

// protocols are the versions of HTTP that the gateway speaks.
func protocols() []string { return []string{"HTTP/1.1", "HTTP/2.0", "HTTP/3.0"} }

// trustedHost is that of a route without a policy, where the headers of the upstream count. It is policy number [trusting].
const (
	trustedHost = "trusted.example"
	trusting    = -1
)

// openSite starts a gateway with policies.
func openSite(t *testing.T, policies []cors.Config) *site {
	t.Helper()
	s := &site{host: "p%d.example"}
	upstream := httptest.NewServer(s)
	t.Cleanup(upstream.Close)
	dir := t.TempDir()
	trusted := certificate(t, dir)
	text := "version: 1\ngateway:\n  tls: {certificate: cert.pem, key: key.pem}\npolicies:\n"
	for i := range policies {
		text += fmt.Sprintf("  p%d: {%s}\n", i, written(&policies[i]))
	}
	text += "routes:\n" + fmt.Sprintf("  - {host: %s, path: /, policy: none, upstream_cors: trust, upstream: %q}\n", trustedHost, upstream.URL)
	for i := range policies {
		text += fmt.Sprintf("  - {host: %s, path: /, policy: p%d, upstream: %q}\n", fmt.Sprintf(s.host, i), i, upstream.URL)
	}
	file := filepath.Join(dir, "concors.yaml")
	write(t, file, text)
	g := start(t, file)
	s.clients = clients(t, g.addr, trusted)
	return s
}

// written is a policy as the file has it.
func written(c *cors.Config) string {
	var parts []string
	if len(c.Origins) == 0 {
		parts = append(parts, "origins: [https://nobody.example]") // a file has to have some, beside null too
	}
	for _, list := range []struct {
		key   string
		names []string
	}{
		{"origins", c.Origins}, {"methods", c.Methods}, {"request_headers", c.RequestHeaders}, {"response_headers", c.ResponseHeaders},
		{"dangerously_allow_public_suffixes", c.DangerouslyAllowPublicSuffixes},
	} {
		if len(list.names) > 0 {
			quoted := make([]string, len(list.names))
			for i, name := range list.names {
				quoted[i] = strconv.Quote(name)
			}
			parts = append(parts, list.key+": ["+strings.Join(quoted, ", ")+"]")
		}
	}
	for _, flag := range []struct {
		key string
		set bool
	}{
		{"credentials", c.Credentials}, {"dangerously_allow_null", c.DangerouslyAllowNull},
		{"dangerously_allow_any_origin_with_credentials", c.DangerouslyAllowAnyOriginWithCredentials},
		{"dangerously_allow_insecure_origins", c.DangerouslyAllowInsecureOrigins},
	} {
		if flag.set {
			parts = append(parts, flag.key+": true")
		}
	}
	switch {
	case c.MaxAge == cors.NoPreflightCache:
		parts = append(parts, "max_age: 0")
	case c.MaxAge > 0:
		parts = append(parts, fmt.Sprintf("max_age: %d", c.MaxAge/time.Second))
	}
	return strings.Join(parts, ", ")
}

// clients reach the gateway whatever the host, each by one version of HTTP.
func clients(t *testing.T, addr string, trusted *tls.Config) map[string]*http.Client {
	h1 := &http.Transport{TLSClientConfig: trusted.Clone(), Protocols: new(http.Protocols)}
	h1.Protocols.SetHTTP1(true)
	h2 := &http.Transport{TLSClientConfig: trusted.Clone(), Protocols: new(http.Protocols)}
	h2.Protocols.SetHTTP2(true)
	for _, transport := range []*http.Transport{h1, h2} {
		transport.DisableCompression = true
		t.Cleanup(transport.CloseIdleConnections)
	}
	h3 := &http3.Transport{TLSClientConfig: trusted.Clone(), DisableCompression: true}
	t.Cleanup(func() { h3.Close() })
	list := map[string]*http.Client{}
	for protocol, transport := range map[string]http.RoundTripper{"HTTP/1.1": h1, "HTTP/2.0": h2, "HTTP/3.0": h3} {
		list[protocol] = &http.Client{
			Transport: to{addr, transport}, Timeout: longest,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return list
}

// to sends requests to an address.
type to struct {
	addr string
	http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (t to) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = t.addr
	return t.RoundTripper.RoundTrip(r)
}

// ServeHTTP is the upstream: it gives the answer that it is told to give. Where it is not trusted it sends other CORS headers, which
// are wrong.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.Header.Get(answerHeader))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || number >= len(s.answers) {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	res := s.answers[number]
	w.Header()["Date"] = nil
	trusted := r.Host == trustedHost
	for _, f := range res.Header {
		if trusted || !isOfCORS(f.Name) {
			w.Header().Add(f.Name, f.Value)
		}
	}
	if !trusted {
		for _, name := range header.ResponseNames() {
			w.Header().Add(name, "*")
		}
	}
	w.WriteHeader(res.Status)
	if length, err := strconv.Atoi(w.Header().Get("Content-Length")); err == nil {
		io.WriteString(w, strings.Repeat("x", length)) // a response that is cut short is no response
	}
}

// answer makes an answer of the upstream's.
func (s *site) answer(res fetch.Response) (number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, res)
	return len(s.answers) - 1
}

// do asks under a policy, and has the upstream give an answer if the request comes so far. What the connection has, and not
// the answer, is left out.
func (s *site) do(protocol string, policy int, sent *fetch.Sent, written fetch.Response) (fetch.Response, error) {
	u, err := url.Parse(sent.URL)
	if err != nil {
		return fetch.Response{}, err
	}
	host := trustedHost
	if policy != trusting {
		host = fmt.Sprintf(s.host, policy)
	}
	req, err := http.NewRequest(sent.Method, "https://"+host+u.RequestURI(), http.NoBody)
	if err != nil {
		return fetch.Response{}, err
	}
	for _, f := range sent.Header {
		if header.EqualFold(f.Name, "Host") {
			return fetch.Response{}, fmt.Errorf("a page has set Host: %q", f.Value)
		}
		req.Header.Add(f.Name, f.Value)
	}
	if sent.BodyType != "" {
		req.Header.Set(header.ContentType, sent.BodyType)
	}
	req.Header.Set(answerHeader, strconv.Itoa(s.answer(written)))
	res, err := s.clients[protocol].Do(req)
	if err != nil {
		return fetch.Response{}, err
	}
	defer res.Body.Close()
	if res.Proto != protocol {
		return fetch.Response{}, fmt.Errorf("got %s, want %s", res.Proto, protocol)
	}
	var list header.List
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		switch name {
		case "Date", "Via", "Alt-Svc", "Server", "Content-Length":
			if !written.Header.Has(name) {
				continue
			}
		}
		for _, value := range res.Header[name] {
			list.Append(name, value)
		}
	}
	return fetch.Response{Status: res.StatusCode, Header: list}, nil
}

// isOfCORS reports whether a policy decides about a header.
func isOfCORS(name string) bool {
	return header.EqualFold(name, header.Vary) || strings.HasPrefix(header.Lower(name), "access-control-")
}

// corsLines are the headers that a policy decides about, sorted.
func corsLines(list header.List) string {
	lines := map[string][]string{}
	for _, f := range list {
		if isOfCORS(f.Name) {
			name := header.Lower(f.Name)
			lines[name] = append(lines[name], f.Value)
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		out = append(out, fmt.Sprintf("%s: %q", name, lines[name]))
	}
	return strings.Join(out, "\n")
}
