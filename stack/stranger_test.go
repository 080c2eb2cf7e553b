package stack_test

import (
	"testing"

	"github.com/concors/concors/stack"
)

func TestMatcher(t *testing.T) {
	for _, test := range []struct {
		name, expression                                         string
		any, longer, prefixed, undotted, sharedHosting, insecure string // witnesses
	}{
		{name: "exact", expression: `^https://app\.example\.com$`},
		{name: "with a port", expression: `^https://app\.example\.com(:\d+)?$`},
		{name: "subdomains", expression: `^https://([a-z0-9-]+\.)+example\.com$`},
		{name: "any characters before a dot", expression: `^https://.*\.example\.com$`},
		{name: "names in a group", expression: `^https://(www|app|admin)\.example\.com$`},
		{name: "one dot, which nobody can use", expression: `^https://example.com$`},
		{name: "a dot within one domain", expression: `^https://a.b\.example\.com$`},
		{name: "loopback", expression: `^https?://localhost(:[0-9]+)?$`},
		{name: "every origin", expression: `.*`, any: "https://evil.example", insecure: "http://x"},
		{name: "every origin of http", expression: `^http://.+$`, any: "http://evil.example", insecure: "http://x"},
		{name: "no end", expression: `^https://app\.example\.com`, longer: "https://app.example.com.evil.example"},
		{name: "no beginning", expression: `example\.com$`, prefixed: "https://evilexample.com", insecure: "http://example.com"},
		{name: "a star without a dot", expression: `^https://.*example\.com$`, prefixed: "https://evilxexample.com"},
		{name: "neither", expression: `example\.com`, longer: "https://example.com.evil.example", prefixed: "https://evilexample.com", insecure: "http://example.com"},
		{name: "a port without an end", expression: `^https://app\.example\.com(:[0-9]+)?`, longer: "https://app.example.com.evil.example"},
		{name: "a dot", expression: `^https://app.example.com$`, undotted: "https://appxexample.com"},
		{name: "a dot in a group", expression: `^https://(www|app).example\.com$`, undotted: "https://wwwxexample.com"},
		{name: "shared hosting", expression: `^https://[a-z0-9-]+\.vercel\.app$`, sharedHosting: "https://evil.vercel.app"},
		{name: "a part of a label of it", expression: `^https://myapp-[a-z0-9]+\.vercel\.app$`, sharedHosting: "https://myapp-evil.vercel.app"},
		{name: "one name of it", expression: `^https://myapp\.vercel\.app$`},
		{name: "http too", expression: `^https?://app\.example\.com$`, insecure: "http://app.example.com"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, ok := stack.NewMatcher(test.expression, false)
			if !ok {
				t.Fatal("the expression cannot be read")
			}
			for _, got := range []struct {
				what, want string
				find       func() (string, bool)
			}{
				{"any", test.any, m.Any},
				{"longer", test.longer, m.Longer},
				{"prefixed", test.prefixed, m.Prefixed},
				{"undotted", test.undotted, m.Undotted},
				{"shared hosting", test.sharedHosting, func() (string, bool) { w, _, ok := m.SharedHosting(); return w, ok }},
				{"insecure", test.insecure, m.Insecure},
			} {
				if test.any != "" && got.what != "any" && got.what != "insecure" {
					continue
				}
				witness, ok := got.find()
				if witness != got.want || ok != (got.want != "") {
					t.Errorf("%s: got %q, %t, want %q", got.what, witness, ok, got.want)
				}
				if ok && !m.Match(witness) {
					t.Errorf("%s: %q does not match", got.what, witness)
				}
			}
		})
	}
	for _, expression := range []string{`(?=x)y`, `(`, `\1`} {
		if _, ok := stack.NewMatcher(expression, false); ok {
			t.Errorf("%q can be read", expression)
		}
	}
}

func FuzzMatcher(f *testing.F) {
	f.Add(`^https?://(www|app).example\.com(:\d+)?$`, true)
	f.Add(`((((a|b){8}){8}){8}|[^.]+)*.x?`, false)
	f.Fuzz(func(t *testing.T, expression string, ignoreCase bool) {
		m, ok := stack.NewMatcher(expression, ignoreCase)
		if !ok {
			return
		}
		for _, find := range []func() (string, bool){m.Any, m.Longer, m.Prefixed, m.Undotted, m.Insecure, func() (string, bool) { w, _, ok := m.SharedHosting(); return w, ok }} {
			if witness, ok := find(); ok && !m.Match(witness) {
				t.Errorf("%q does not match %q", expression, witness)
			}
		}
		for _, member := range m.Members() {
			if !m.Match(member) {
				t.Errorf("%q does not match %q", expression, member)
			}
		}
	})
}

func TestOriginProblem(t *testing.T) {
	for _, test := range []struct{ text, why, instead string }{
		{"*", "", ""},
		{"null", "", ""},
		{"https://app.example.com", "", ""},
		{"http://localhost:3000", "", ""},
		{"https://app.example.com/", "an origin has no slash at its end", "https://app.example.com"},
		{"https://app.example.com/app", "an origin has no path", "https://app.example.com"},
		{"https://App.example.com", "browsers send origins in lower case", "https://app.example.com"},
		{"https://app.example.com:443", "browsers leave out the default port", "https://app.example.com"},
		{"app.example.com", "an origin has a scheme", "https://app.example.com"},
		{"https://*.example.com", "browsers know no patterns in this header", ""},
		{"https://", "it is no origin", ""},
		{"file:///x", "it is no origin", ""},
	} {
		t.Run(test.text, func(t *testing.T) {
			if why, instead := stack.OriginProblem(test.text); why != test.why || instead != test.instead {
				t.Errorf("got %q, %q, want %q, %q", why, instead, test.why, test.instead)
			}
		})
	}
}

func TestMaxAgeProblem(t *testing.T) {
	for _, test := range []struct {
		value            string
		problem, ignored bool
	}{{"600", false, false}, {"0", false, false}, {"-1", false, false}, {"86400", false, false}, {"86401", true, false}, {"99999999999999999999", true, false}, {"1d", true, true}, {"", true, true}, {"1.5", true, true}} {
		t.Run(test.value, func(t *testing.T) {
			why, ignored := stack.MaxAgeProblem(test.value)
			if (why != "") != test.problem || ignored != test.ignored {
				t.Errorf("got %q, %t, want a problem: %t, ignored: %t", why, ignored, test.problem, test.ignored)
			}
		})
	}
}

func TestLists(t *testing.T) {
	for _, test := range []struct {
		value      string
		problem    bool
		miswritten string
	}{{"GET, PUT", false, ""}, {"", false, ""}, {"*", false, ""}, {"GET PUT", true, ""}, {"GET; PUT", true, ""}, {"get,PUT", false, "get"}, {"patch", false, ""}, {"Put , get", false, "Put"}} {
		t.Run(test.value, func(t *testing.T) {
			if why := stack.ListProblem(test.value); (why != "") != test.problem {
				t.Errorf("got %q, want a problem: %t", why, test.problem)
			}
			if m := stack.MiswrittenMethod(test.value); m != test.miswritten {
				t.Errorf("got %q, want %q", m, test.miswritten)
			}
		})
	}
}

func TestIsPlaceholder(t *testing.T) {
	for text, want := range map[string]bool{
		"@ORIGIN@": true, "https://%HOST%": true, "__ORIGIN__": true, "https://<your domain>": true, "{origin}": true, "[[ origin ]]": true,
		"https://app.example.com": false, "*": false, "http://[::1]:3000": false, "https://a_b.example": false,
	} {
		if got := stack.IsPlaceholder(text); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}
