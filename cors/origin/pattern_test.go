package origin_test

import (
	"errors"
	"testing"

	"github.com/concors/concors/cors/origin"
)

func TestPatternMatch(t *testing.T) {
	for _, row := range []struct {
		pattern  string
		match    []string
		mismatch []string
	}{
		{"*", []string{"https://a.example", "null", "http://[::1]:1"}, nil},
		{"https://app.example", []string{"https://app.example"},
			[]string{"http://app.example", "https://app.example:8443", "https://www.app.example", "https://app.example.evil.example", "null"}},
		{"http://localhost:3000", []string{"http://localhost:3000"}, []string{"http://localhost", "http://localhost:3001", "https://localhost:3000"}},
		{"https://*.app.example", []string{"https://a.app.example", "https://a.b.app.example"},
			[]string{"https://app.example", "https://evilapp.example", "http://a.app.example", "https://a.app.example:8443", "https://a.app.example.evil.example"}},
		{"https://pr-*.app.example", []string{"https://pr-1.app.example", "https://pr-a-b.app.example"},
			[]string{"https://pr.app.example", "https://pr-1.x.app.example", "https://a.pr-1.app.example", "https://pr-1.app.example.evil.example", "https://xpr-1.app.example"}},
		{"https://*-team.app.example", []string{"https://x-team.app.example"}, []string{"https://team.app.example", "https://a.x-team.app.example", "https://x-team2.app.example"}},
		{"https://api.*.app.example", []string{"https://api.eu.app.example"}, []string{"https://api.a.b.app.example", "https://api.app.example"}},
		{"http://localhost:*", []string{"http://localhost", "http://localhost:1", "http://localhost:65535"}, []string{"https://localhost", "http://a.localhost"}},
		{"http://localhost:[3000,5173]", []string{"http://localhost:3000", "http://localhost:5173"}, []string{"http://localhost", "http://localhost:3001"}},
		{"http://localhost:[3000-3002]", []string{"http://localhost:3000", "http://localhost:3002"}, []string{"http://localhost:2999", "http://localhost:3003"}},
		{"https://a.example:[443,8443]", []string{"https://a.example", "https://a.example:8443"}, []string{"https://a.example:444"}},
		{"http://[::1]:[80-90]", []string{"http://[::1]", "http://[::1]:81"}, []string{"http://[::1]:91", "http://[::2]"}},
		{"https://*.app.example:*", []string{"https://a.app.example:8443", "https://a.app.example"}, []string{"https://app.example:8443"}},
		{"capacitor://localhost", []string{"capacitor://localhost"}, []string{"http://localhost", "ionic://localhost"}},
		{"chrome-extension://abcdefghijklmnopabcdefghijklmnop", []string{"chrome-extension://abcdefghijklmnopabcdefghijklmnop"}, []string{"chrome-extension://b"}},
	} {
		t.Run(row.pattern, func(t *testing.T) {
			p, err := origin.ParsePattern(row.pattern)
			if err != nil {
				t.Fatalf("got error %v", err)
			}
			if p.String() != row.pattern {
				t.Errorf("got %q back", p.String())
			}
			for _, list := range []struct {
				origins []string
				want    bool
			}{{row.match, true}, {row.mismatch, false}} {
				for _, s := range list.origins {
					o, ok := origin.Parse(s)
					if !ok {
						t.Fatalf("origin %q does not parse", s)
					}
					if got := p.Match(o); got != list.want {
						t.Errorf("got match %t for %s, want %t", got, s, list.want)
					}
				}
			}
		})
	}
}

func TestPatternErrors(t *testing.T) {
	seen := map[origin.PatternReason]bool{}
	for _, row := range []struct {
		value      string
		reason     origin.PatternReason
		suggestion string
	}{
		{"", origin.PatternEmpty, ""},
		{"null", origin.PatternNull, ""},
		{"app.example", origin.PatternSchemeMissing, "https://app.example"},
		{"*.app.example", origin.PatternSchemeMissing, "https://*.app.example"},
		{"//app.example/", origin.PatternSchemeMissing, "https://app.example"},
		{"localhost:3000", origin.PatternSchemeMissing, "http://localhost:3000"},
		{"127.0.0.1", origin.PatternSchemeMissing, "http://127.0.0.1"},
		{"https://app.example/", origin.PatternPath, "https://app.example"},
		{"https://app.example/users?a#b", origin.PatternPath, "https://app.example"},
		{"https://*.app.example:*/", origin.PatternPath, "https://*.app.example:*"},
		{"https://app.example:443", origin.PatternDefaultPort, "https://app.example"},
		{"http://app.example:80", origin.PatternDefaultPort, "http://app.example"},
		{"https://bücher.example", origin.PatternUnicode, "https://xn--bcher-kva.example"},
		{"https://*.bücher.example", origin.PatternUnicode, "https://*.xn--bcher-kva.example"},
		{"https://App.Example", origin.PatternUpperCase, "https://app.example"},
		{"HTTPS://app.example", origin.PatternUpperCase, "https://app.example"},
		{"https://*.App.example", origin.PatternUpperCase, "https://*.app.example"},
		{`^https://.*\.app\.example$`, origin.PatternRegularExpression, "https://*.app.example"},
		{`/^https:\/\/pr-\d+\.app\.example$/`, origin.PatternRegularExpression, "https://pr-*.app.example"},
		{`https?://app.example`, origin.PatternScheme, ""},
		{`https://(a|b).example`, origin.PatternRegularExpression, ""},
		{" https://app.example ", origin.PatternWhitespace, "https://app.example"},
		{"https://a.example, https://b.example", origin.PatternSeveral, "https://a.example"},
		{"https://a.example https://b.example", origin.PatternSeveral, "https://a.example"},
		{"http://127.1", origin.PatternIP, "http://127.0.0.1"},
		{"http://0x7f000001:3000", origin.PatternIP, "http://127.0.0.1:3000"},
		{"http://[0:0::1]", origin.PatternIP, "http://[::1]"},
		{"https://user@app.example", origin.PatternUserInfo, "https://app.example"},
		{"*://app.example", origin.PatternSchemeWildcard, ""},
		{"ht tp://app.example", origin.PatternSeveral, ""},
		{"1http://app.example", origin.PatternScheme, ""},
		{"a:://*", origin.PatternScheme, ""},
		{"file:///x", origin.PatternHostMissing, ""},
		{"file://x", origin.PatternOpaqueScheme, ""},
		{"https://", origin.PatternHostMissing, ""},
		{"https://a..example%", origin.PatternHost, ""},
		{"https://*", origin.PatternLastLabel, ""},
		{"https://app.*", origin.PatternLastLabel, ""},
		{"http://127.0.0.*", origin.PatternLastLabel, ""},
		{"https://*.*.example", origin.PatternWildcards, ""},
		{"https://app.example:", origin.PatternPort, "https://app.example"},
		{"https://app.example:70000", origin.PatternPort, ""},
		{"https://app.example:3*", origin.PatternPort, ""},
		{"https://app.example:[5-3]", origin.PatternPort, ""},
		{"https://app.example:[]", origin.PatternPort, ""},
	} {
		t.Run(row.value, func(t *testing.T) {
			_, err := origin.ParsePattern(row.value)
			e, ok := errors.AsType[*origin.PatternError](err)
			if !ok {
				t.Fatalf("got error %v", err)
			}
			if e.Reason != row.reason || e.Suggestion != row.suggestion {
				t.Errorf("got reason %s, suggestion %q; want %s, %q", e.Reason, e.Suggestion, row.reason, row.suggestion)
			}
			seen[e.Reason] = true
		})
	}
	for _, reason := range origin.PatternReasons() {
		if !seen[reason] {
			t.Errorf("no row for %s", reason)
		}
	}
}

func TestPatternExact(t *testing.T) {
	for pattern, want := range map[string]string{
		"https://app.example": "https://app.example", "http://localhost:3000": "http://localhost:3000",
		"http://localhost:[3000]": "http://localhost:3000", "https://a.example:[443]": "https://a.example",
		"*": "", "https://*.app.example": "", "http://localhost:*": "", "http://localhost:[1,2]": "",
	} {
		p, err := origin.ParsePattern(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := p.Exact(); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %t, want %q", pattern, got, ok, want)
		}
	}
}

func TestUnderPublicSuffix(t *testing.T) {
	for pattern, want := range map[string]string{
		"https://*.vercel.app": "vercel.app", "https://my-*.vercel.app": "vercel.app", "https://*.com": "com", "https://*.co.uk": "co.uk",
		"https://x.*.com": "com", "https://*.github.io": "github.io",
		"https://*.app.vercel.app": "", "https://*.example.com": "", "https://*.internal": "", "http://*.localhost:*": "", "https://vercel.app": "",
	} {
		p, err := origin.ParsePattern(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := p.UnderPublicSuffix(); ok != (want != "") || ok && got != want {
			t.Errorf("%s: got %q, %t, want %q", pattern, got, ok, want)
		}
	}
}

// What a pattern matches is never more than what its text says: the scheme, the end of the host, and no apex.
func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{
		{"https://*.app.example", "https://a.app.example"}, {"https://pr-*.app.example:*", "https://pr-1.app.example:1"}, {"*", "null"},
		{"http://[::1]:[1-9]", "http://[::1]:5"}, {"https://app.example/", "https://app.example"}, {"http://0x7f.1", "x"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, text, candidate string) {
		p, err := origin.ParsePattern(text)
		if err != nil {
			e, ok := errors.AsType[*origin.PatternError](err)
			if !ok {
				t.Fatalf("got error %T", err)
			}
			if e.Suggestion != "" {
				if _, err := origin.ParsePattern(e.Suggestion); err != nil {
					t.Fatalf("%q: the suggestion %q is no pattern: %v", text, e.Suggestion, err)
				}
			}
			return
		}
		o, ok := origin.Parse(candidate)
		if !ok || p.IsAny() {
			return
		}
		exact, isExact := p.Exact()
		if got := p.Match(o); got && (o.Scheme() != p.Scheme() || isExact && exact != candidate) {
			t.Fatalf("%q matches %q", text, candidate)
		} else if isExact && exact == candidate && !got {
			t.Fatalf("%q does not match itself", text)
		}
	})
}
