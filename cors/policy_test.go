package cors_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/origin"
)

func TestNewRefuses(t *testing.T) {
	seen := map[cors.Reason]bool{}
	with := func(c cors.Config, change func(*cors.Config)) cors.Config {
		change(&c)
		return c
	}
	plain := cors.Config{Origins: []string{"https://app.example"}}
	for _, row := range []struct {
		name   string
		config cors.Config
		want   []string
	}{
		{"nothing", cors.Config{}, []string{"Origins: no origin is allowed; name at least one"}},
		{"a pattern that is none", cors.Config{Origins: []string{"https://app.example", "https://App.example/"}},
			[]string{`Origins[1]: invalid origin pattern "https://App.example/": origins are lower case, and are compared byte for byte; did you mean "https://app.example"?`}},
		{"* beside others", cors.Config{Origins: []string{"*", "https://app.example"}},
			[]string{`Origins[0]: "*": it allows every origin, so the entries beside it mean nothing; leave it out or leave it alone`}},
		{"* with credentials", cors.Config{Origins: []string{"*"}, Credentials: true},
			[]string{`Origins[0]: "*": with Credentials it lets any site read every response as the signed-in user; name the origins`}},
		{"http with credentials", cors.Config{Origins: []string{"http://app.example", "http://*.localhost:*", "http://127.0.0.2"}, Credentials: true},
			[]string{`Origins[0]: "http://app.example": whoever is on the network can speak for an http origin, and with Credentials act as the signed-in user; write "https://app.example"`}},
		{"a public suffix with credentials", cors.Config{Origins: []string{"https://my-*.vercel.app"}, Credentials: true},
			[]string{`Origins[0]: "https://my-*.vercel.app": anybody can register a name below vercel.app, and with Credentials act as the signed-in user; name the origins, or wildcard a domain of your own`}},
		{"null with credentials", cors.Config{Origins: []string{"https://app.example"}, DangerouslyAllowNull: true, Credentials: true},
			[]string{"DangerouslyAllowNull: null with Credentials gives every page of the world, by way of a sandboxed frame, the signed-in user's data; leave one of the two out"}},
		{"methods", with(plain, func(c *cors.Config) { c.Methods = []string{"PUT, DELETE", "TRACE", "delete", ""} }), []string{
			`Methods[0]: "PUT, DELETE": it is not a method; write each as an entry of its own; write "PUT"`,
			`Methods[1]: "TRACE": browsers never send it; leave it out`,
			`Methods[2]: "delete": browsers send DELETE, and compare byte for byte; write "DELETE"`,
			`Methods[3]: "": it is not a method; write each as an entry of its own`,
		}},
		{"request headers", with(plain, func(c *cors.Config) { c.RequestHeaders = []string{"X Id", "A,B"} }), []string{
			`RequestHeaders[0]: "X Id": it is not a header name; write each as an entry of its own; write "X"`,
			`RequestHeaders[1]: "A,B": it is not a header name; write each as an entry of its own; write "A"`,
		}},
		{"response headers", cors.Config{Origins: []string{"https://app.example"}, Credentials: true, ResponseHeaders: []string{"*", "é"}}, []string{
			`ResponseHeaders[0]: "*": browsers take * for a header's name when the request carries credentials, so it would expose nothing; name the headers`,
			`ResponseHeaders[1]: "é": it is not a header name; write each as an entry of its own`,
		}},
		{"a negative age", with(plain, func(c *cors.Config) { c.MaxAge = -time.Second }), []string{"MaxAge: -1s is negative; to forbid caching use NoPreflightCache"}},
		{"half a second", with(plain, func(c *cors.Config) { c.MaxAge = 1500 * time.Millisecond }), []string{`MaxAge: 1.5s is not in whole seconds; write "2s"`}},
		{"a danger that is none", with(plain, func(c *cors.Config) { c.DangerouslyAllowPublicSuffixes = []string{"app.example"} }),
			[]string{`DangerouslyAllowPublicSuffixes[0]: "app.example": it is not on the public suffix list; leave it out, only public suffixes need it`}},
		{"several at once", cors.Config{Origins: []string{"", "null"}, Methods: []string{"CONNECT"}, MaxAge: -5}, []string{
			`Origins[0]: invalid origin pattern "": it is empty`,
			`Origins[1]: invalid origin pattern "null": null is the origin of every sandboxed frame, whoever made it`,
			`Methods[0]: "CONNECT": browsers never send it; leave it out`,
			"MaxAge: -5ns is negative; to forbid caching use NoPreflightCache",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := cors.New(row.config)
			e, ok := errors.AsType[*cors.ConfigError](err)
			if !ok || p != nil {
				t.Fatalf("got policy %v, error %v", p, err)
			}
			var got []string
			for i := range e.Problems {
				got = append(got, e.Problems[i].Error())
				seen[e.Problems[i].Reason] = true
				if p := &e.Problems[i]; p.Why == "" || p.Fix == "" && p.Suggestion == "" {
					t.Errorf("%s: got why %q, fix %q, suggestion %q", p, p.Why, p.Fix, p.Suggestion)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got\n%q\nwant\n%q", got, row.want)
			}
			if one, ok := errors.AsType[*cors.Problem](err); !ok || one.Field == "" {
				t.Errorf("got problem %v by errors.AsType", one)
			}
		})
	}
	for _, reason := range cors.Reasons() {
		if !seen[reason] {
			t.Errorf("no row for %s", reason)
		}
	}
	for _, reason := range origin.PatternReasons() {
		if slices.Contains(cors.Reasons(), cors.Reason(reason)) {
			t.Errorf("%s is the reason of two things", reason)
		}
	}
}

func TestWarnings(t *testing.T) {
	seen := map[cors.Reason]bool{}
	for _, row := range []struct {
		name   string
		config cors.Config
		want   []cors.Reason
	}{
		{"nothing", app(), nil},
		{"a WebSocket's scheme", cors.Config{Origins: []string{"wss://app.example"}}, []cors.Reason{cors.WarnOriginNeverMatches}},
		{"a public suffix", cors.Config{Origins: []string{"https://*.github.io"}}, []cors.Reason{cors.WarnPublicSuffix}},
		{"a method in lower case", cors.Config{Origins: []string{"https://a.example"}, Methods: []string{"patch"}}, []cors.Reason{cors.WarnMethodCase}},
		{"any with credentials", cors.Config{Origins: []string{"https://a.example"}, Methods: []string{"*"}, RequestHeaders: []string{"*"}, Credentials: true},
			[]cors.Reason{cors.WarnAnyMethodCredentials, cors.WarnAnyHeaderCredentials}},
		{"any header", cors.Config{Origins: []string{"https://a.example"}, RequestHeaders: []string{"*"}}, []cors.Reason{cors.WarnAuthorizationNotCovered}},
		{"any header and Authorization", cors.Config{Origins: []string{"https://a.example"}, RequestHeaders: []string{"*", "authorization"}}, nil},
		{"headers that nobody sets", cors.Config{Origins: []string{"https://a.example"}, RequestHeaders: []string{"Cookie", "Access-Control-Allow-Origin"}},
			[]cors.Reason{cors.WarnHeaderForbidden, cors.WarnHeaderOfResponse}},
		{"a header that nobody reads", cors.Config{Origins: []string{"https://a.example"}, ResponseHeaders: []string{"Set-Cookie"}}, []cors.Reason{cors.WarnExposeForbidden}},
		{"a week", cors.Config{Origins: []string{"https://a.example"}, MaxAge: 7 * 24 * time.Hour}, []cors.Reason{cors.WarnMaxAgeCapped}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []cors.Reason
			for _, w := range policy(t, row.config).Warnings() {
				got = append(got, w.Reason)
				seen[w.Reason] = true
				if w.Fix == "" && w.Suggestion == "" {
					t.Errorf("%s: nothing says what to do", &w)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
	for _, reason := range cors.WarningReasons() {
		if !seen[reason] {
			t.Errorf("no row for %s", reason)
		}
	}
}

// Warnings come with what is refused, so that one look is enough.
func TestConfigErrorHasWarnings(t *testing.T) {
	_, err := cors.New(cors.Config{Origins: []string{"https://a.example/"}, RequestHeaders: []string{"Cookie"}})
	e, ok := errors.AsType[*cors.ConfigError](err)
	if !ok || len(e.Problems) != 1 || len(e.Warnings) != 1 || e.Warnings[0].Reason != cors.WarnHeaderForbidden {
		t.Errorf("got %+v, want one problem and one warning", e)
	}
}

// What is prohibited can be had by saying that it is dangerous.
func TestDangerously(t *testing.T) {
	for name, c := range map[string]cors.Config{
		"any origin":    {Origins: []string{"*"}, Credentials: true, DangerouslyAllowAnyOriginWithCredentials: true},
		"insecure":      {Origins: []string{"http://app.example"}, Credentials: true, DangerouslyAllowInsecureOrigins: true},
		"public suffix": {Origins: []string{"https://*.vercel.app"}, Credentials: true, DangerouslyAllowPublicSuffixes: []string{"vercel.app"}},
		"null":          {DangerouslyAllowNull: true},
	} {
		if _, err := cors.New(c); err != nil {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

// A policy keeps nothing that its maker, or whoever asks for its Config, can change.
func TestPolicyKeepsItsConfig(t *testing.T) {
	c := app()
	p := policy(t, c)
	c.Origins[0] = "https://evil.example"
	got := p.Config()
	got.Methods[1] = "PATCH"
	if p.Config().Origins[0] != "https://app.example" || p.Config().Methods[1] != "PUT" {
		t.Errorf("got %+v", p.Config())
	}
}
