package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/program"
)

// A verdict is what is to say about a server's answers.
type verdict struct {
	faults []string // what is wrong
	notes  []string // what it does otherwise than most
}

func (v *verdict) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

// judge asks a server for what will be measured, for a page that its policy allows and a path that it has.
func judge(ctx context.Context, s *server, from, path string) (verdict, error) {
	var v verdict
	if err := v.outcomes(s, from, path); err != nil {
		return v, err
	}
	for _, method := range []string{"GET", "OPTIONS"} {
		res, body, err := ask(ctx, s, method, from, path)
		if err != nil {
			return v, err
		}
		if method == "OPTIONS" && s.policy == nil {
			continue // without CORS, what comes of it is the upstream's
		}
		v.judge(res, body, s.policy != nil, method == "OPTIONS", from)
	}
	return v, nil
}

// outcomes has the browser of package fetch make the calls that a page would. Without CORS only the page's own origin reads.
func (v *verdict) outcomes(s *server, from, path string) error {
	const stranger = "https://evil.example"
	to := &url.URL{Scheme: "http", Host: s.listen}
	network := corstest.Handler(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	})
	for _, origin := range []string{from, stranger} {
		for _, method := range []string{"GET", "PUT"} {
			page, err := fetch.NewPage(origin)
			if err != nil {
				return err
			}
			script := &fetch.Request{URL: "https://api.example" + path, Method: method, Credentials: fetch.CredentialsInclude}
			if method == "PUT" {
				script.Header.Append("Content-Type", "application/json")
			}
			trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(&page, script, network, 0)
			if err != nil {
				return fmt.Errorf("ask %s: %w", s.name, err)
			}
			if want := s.policy != nil && origin == from; (trace.Outcome == fetch.Allowed) != want {
				v.fault("%s by a page of %s is %s", method, origin, trace.Outcome)
			}
		}
	}
	return nil
}

// ask sends a request of a load, and returns the answer with its body.
func ask(ctx context.Context, s *server, method, from, path string) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+s.listen+path, http.NoBody)
	if err != nil {
		return nil, "", err
	}
	req.Header.Set(header.Origin, from)
	if method == "OPTIONS" {
		req.Header.Set(header.RequestMethod, "PUT")
		req.Header.Set(header.RequestHeaders, "content-type")
	}
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return nil, "", fmt.Errorf("ask %s: %w", s.name, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res, string(body), err
}

// judge looks for what a browser does not see in one answer alone.
func (v *verdict) judge(res *http.Response, body string, cors, preflight bool, from string) {
	varies := 0
	for name := range strings.SplitSeq(strings.Join(res.Header[header.Vary], ","), ",") {
		if strings.EqualFold(strings.TrimSpace(name), header.Origin) {
			varies++
		}
	}
	what := "a GET"
	if preflight {
		what = "a preflight"
	}
	for name, lines := range res.Header {
		if strings.HasPrefix(name, "Access-Control-") && (len(lines) > 1 || !cors) {
			v.fault("the answer to %s has %d lines %s", what, len(lines), name)
		}
	}
	if got := res.Header.Get(header.AllowOrigin); cors && got != from {
		v.fault("the answer to %s has %s %q", what, header.AllowOrigin, got)
	}
	switch {
	case varies > 1:
		v.fault("the answer to %s has Origin %d times in Vary", what, varies)
	case !cors || varies == 1:
	case preflight:
		v.notes = append(v.notes, "no `Vary: Origin` on answers to preflights")
	default:
		v.fault("no `Vary: Origin`: a shared cache can give the response to the wrong page")
	}
	switch {
	case preflight && res.Header.Get(seen) != "":
		v.fault("the upstream is asked for preflights")
	case preflight && res.StatusCode != http.StatusNoContent:
		v.notes = append(v.notes, fmt.Sprintf("accepted preflights get %d", res.StatusCode))
	case !preflight && (res.StatusCode != http.StatusOK || res.Header.Get(seen) == "" || len(body) != bodyBytes):
		v.fault("a GET gets %d with %d bytes", res.StatusCode, len(body))
	}
}

// TestAnswers asks what is there. What is not is skipped even where CI=true: nobody but the comparison needs it.
func TestAnswers(t *testing.T) {
	_, err := findNginx()
	program.Require(t, err) // the upstream
	s, err := newStable(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cage.Close() })
	for _, p := range peers() {
		t.Run(p.name, func(t *testing.T) {
			var err error
			if p.own {
				err = p.make(t.Context())
			}
			if err == nil {
				_, err = p.find()
			}
			if _, missing := errors.AsType[*program.MissingError](err); missing {
				t.Skip(err)
			} else if err != nil {
				t.Fatal(err)
			}
			for _, policy := range []*policy{few(), nil} {
				sv, err := s.gateway(t.Context(), p.name, &p, site{policy: policy})
				if err != nil {
					t.Fatal(err)
				}
				v, err := judge(t.Context(), sv, page, target)
				if err != nil {
					t.Fatal(err)
				}
				for _, fault := range v.faults {
					t.Errorf("with CORS %t: %s", policy != nil, fault)
				}
				t.Logf("with CORS %t: notes %q", policy != nil, v.notes)
			}
		})
	}
}

// The judge sees what is wrong.
func TestJudge(t *testing.T) {
	body := strings.Repeat("x", bodyBytes)
	right := func() http.Header {
		return http.Header{header.AllowOrigin: {page}, header.Vary: {header.Origin}, seen: {"1"}}
	}
	for _, row := range []struct {
		name            string
		change          func(*http.Response)
		cors, preflight bool
		faults, notes   int
	}{
		{"right", func(*http.Response) {}, true, false, 0, 0},
		{"another origin", func(r *http.Response) { r.Header.Set(header.AllowOrigin, "*") }, true, false, 1, 0},
		{"doubled", func(r *http.Response) { r.Header.Add(header.AllowOrigin, page) }, true, false, 1, 0},
		{"no Vary", func(r *http.Response) { r.Header.Set(header.Vary, "Accept") }, true, false, 1, 0},
		{"Vary doubled", func(r *http.Response) { r.Header.Set(header.Vary, "origin, Accept, Origin") }, true, false, 1, 0},
		{"CORS where there is none", func(*http.Response) {}, false, false, 1, 0},
		{"no upstream", func(r *http.Response) { r.Header.Del(seen) }, true, false, 1, 0},
		{"another status", func(r *http.Response) { r.StatusCode = http.StatusBadGateway }, true, false, 1, 0},
		{"preflight by the upstream", func(r *http.Response) { r.StatusCode = http.StatusNoContent }, true, true, 1, 0},
		{"preflight without Vary", func(r *http.Response) { r.Header.Del(header.Vary); r.Header.Del(seen) }, true, true, 0, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			res := &http.Response{StatusCode: http.StatusOK, Header: right()}
			row.change(res)
			var v verdict
			v.judge(res, body, row.cors, row.preflight, page)
			if len(v.faults) != row.faults || len(v.notes) != row.notes {
				t.Errorf("got faults %q, notes %q, want %d, %d", v.faults, v.notes, row.faults, row.notes)
			}
		})
	}
}
