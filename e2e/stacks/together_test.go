package stacks_test

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// nowhere is the upstream of stacks whose application is a part of them.
const nowhere = "http://127.0.0.1:9"

// testTogether is testStack for every sample, on one server.
func testTogether(t *testing.T, s *stack.Stack, v *stack.Variant, p *pages) {
	running, findings := startTogether(t, s, v)
	for _, sample := range samples() {
		t.Run(sample.Name, func(t *testing.T) {
			f, site := load(t, sample, nowhere, t.TempDir())
			skipRefused(t, s, v, site)
			checkFindings(t, s, v, sample.Name, findings[sample.Name])
			one := siteOf(t, running, sample.Name)
			check(t, f, one, p, sample.Name, handlers())
			t.Run("application", func(t *testing.T) { checkApplication(t, f, one, false) })
		})
	}
}

// handlers are the methods for which Next.js asks an application; it answers 400 to others by itself.
func handlers() []string { return []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"} }

// startTogether starts a server for all samples that a variant can express, and for its mutations: building takes long, and what
// was built once is kept.
func startTogether(t *testing.T, s *stack.Stack, v *stack.Variant) (*server.Server, map[string][]report.Finding) {
	t.Helper()
	generated := map[string][]stack.File{}
	findings := map[string][]report.Finding{}
	for _, sample := range samples() {
		_, site := load(t, sample, nowhere, t.TempDir())
		files, found := stack.Generate(s, site, stacks.Options(s, stack.Options{Variant: v.ID}))
		if findings[sample.Name] = found; len(files) > 0 {
			generated[sample.Name] = files
		}
	}
	for i, m := range mutationsOfVariant(s, v) {
		_, generated[mutationSite(i)] = m.apply(t, s, nowhere)
	}
	config, err := stacks.Together(s, v, generated)
	if err != nil {
		t.Fatal(err)
	}
	return server.Start(t, config), findings
}

// siteOf is one of several sites of a server, as if it had the server for itself.
func siteOf(t *testing.T, running *server.Server, name string) *server.Tap {
	t.Helper()
	to := &url.URL{Scheme: "http", Host: running.Addr()}
	return tapped(t, &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
			r.Out.Header.Set(stacks.SiteHeader, name)
		},
		Transport: &http.Transport{DisableCompression: true},
	})
}

// tapped serves a handler, and writes down what it is asked.
func tapped(t *testing.T, h http.Handler) *server.Tap {
	t.Helper()
	tap := server.NewTap(t)
	l, err := net.Listen("tcp", tap.Behind())
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return tap
}
