package stack_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/stack"
)

func TestRegexp(t *testing.T) {
	for _, row := range []struct{ name, pattern, want string }{
		{"exact", "https://app.example", `^https://app\.example$`},
		{"exact port", "https://app.example:8443", `^https://app\.example:8443$`},
		{"address", "http://[::1]:3000", `^http://\[::1\]:3000$`},
		{"any", "*", `^.+$`},
		{"subdomain", "https://*.app.example", `^https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+app\.example$`},
		{"end of a label", "https://pr-*.app.example", `^https://pr-[a-z0-9-]*[a-z0-9]\.app\.example$`},
		{"beginning of a label", "https://*-pr.app.example", `^https://[a-z0-9][a-z0-9-]*-pr\.app\.example$`},
		{"middle of a label", "https://a*z.app.example", `^https://a[a-z0-9-]+z\.app\.example$`},
		{"one label", "https://a.*.example.com", `^https://a\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.example\.com$`},
		{"any port", "http://localhost:*", `^http://localhost(?::[0-9]{1,5})?$`},
		{"ports", "http://localhost:[3000,5173]", `^http://localhost(?::(?:3000|5173))$`},
		{"range", "http://localhost:[3000-3999]", `^http://localhost:3[0-9]{3}$`},
		{"range with the default port", "http://localhost:[79-81]", `^http://localhost(?::(?:79|81))?$`},
		{"the default port in a list", "http://localhost:[80]", `^http://localhost$`},
		{"scheme", "app+x://main", `^app\+x://main$`},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := origin.ParsePattern(row.pattern)
			if err != nil {
				t.Skip(err) // the grammar of patterns is stricter than the parts of this function
			}
			if got := stack.Regexp(p, stack.PCRE); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
			script := stack.Regexp(p, stack.JavaScript)
			if strings.ReplaceAll(script, `\/`, "/") != row.want || strings.Contains(strings.ReplaceAll(script, `\/`, ""), "/") {
				t.Errorf("for JavaScript got %s", script)
			}
		})
	}
}

// agree holds the expression of a pattern to what the pattern says about a value.
func agree(t *testing.T, p origin.Pattern, value string) {
	t.Helper()
	o, ok := origin.Parse(value)
	want := p.IsAny() && value != "" || ok && p.Match(o)
	re := stack.Regexp(p, stack.RE2)
	if got := regexp.MustCompile(re).MatchString(value); got != want && !strangePort(p, value) && len(value) < 250 && !strings.Contains(value, "\n") {
		t.Errorf("%s, as %s, and %q: got %t, want %t", p, re, value, got, want)
	}
}

// strangePort reports whether any port will do, and the value has one that no origin has.
func strangePort(p origin.Pattern, value string) bool {
	i := strings.LastIndexByte(value, ':')
	if i < 0 || !strings.HasSuffix(p.String(), ":*") || strings.Trim(value[i+1:], "0123456789") != "" {
		return false
	}
	_, ok := origin.Parse(value)
	return !ok
}

func patterns() []string {
	return []string{
		"*", "https://app.example", "http://localhost:3000", "https://*.app.example", "https://pr-*.app.example", "https://*-pr.app.example",
		"https://a*z.app.example", "https://a.*.app.example", "https://a.b*.app.example:8443", "http://localhost:*", "https://*.app.example:*",
		"http://[::1]:*", "http://127.0.0.1:[3000-3999]", "http://localhost:[75-85]", "https://app.example:[1-65535]", "https://app.example:[0-0,7,10-12,99-101]",
		"http://localhost:[80]", "capacitor://localhost", "capacitor://localhost:[1-9]",
	}
}

func TestRegexpAgrees(t *testing.T) {
	for _, text := range patterns() {
		p, err := origin.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		inside, outside := p.Probes()
		for _, value := range append(inside, outside...) {
			agree(t, p, value)
			for _, near := range []string{value + "/", value + ".", " " + value, strings.ToUpper(value), value + ":1", "x" + value, strings.Replace(value, ".", "x", 1), strings.Replace(value, "sample", "-sample", 1), strings.Replace(value, "sample", "sample-", 1), strings.Replace(value, "sample", "a..b", 1)} {
				agree(t, p, near)
			}
		}
		agree(t, p, "null")
		agree(t, p, "")
	}
}

// TestRegexpPorts tries every port, which is where ranges of digits go wrong.
func TestRegexpPorts(t *testing.T) {
	for _, ports := range []string{"[0-65535]", "[1-65535]", "[9-11]", "[99-1001]", "[3000-3999]", "[3001-3998]", "[79-81]", "[443-8080]", "[19999-60001]", "[7,77,777-7777]"} {
		p, err := origin.ParsePattern("https://app.example:" + ports)
		if err != nil {
			t.Fatal(err)
		}
		re := regexp.MustCompile(stack.Regexp(p, stack.RE2))
		for port := range 65536 {
			o := origin.New("https", "app.example", port)
			if got, want := re.MatchString(o.String()), p.Match(o); got != want {
				t.Fatalf("%s, as %s, and %s: got %t, want %t", p, re, o, got, want)
			}
		}
	}
}

func FuzzRegexp(f *testing.F) {
	for _, text := range patterns() {
		f.Add(text, "https://sample.app.example:8443")
	}
	f.Fuzz(func(t *testing.T, pattern, value string) {
		p, err := origin.ParsePattern(pattern)
		if err != nil {
			return
		}
		inside, outside := p.Probes()
		for _, v := range append(append(inside, outside...), value) {
			agree(t, p, v)
		}
	})
}
