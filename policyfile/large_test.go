package policyfile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/policyfile"
)

// numbered repeats a text with a number in it.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// A file with 1,000 routes and 100,000 origins is read, which takes about a second.
func TestLarge(t *testing.T) {
	routes := "routes:\n" + numbered(1000, "  - {path: /r%[1]d/, host: h%[1]d.example.com, policy: p, upstream: {to: [\"http://10.0.0.1:1%[1]d\", http://b.example], health: {path: /healthz}}}\n")
	one := "version: 1\npolicies:\n  p:\n    credentials: true\n    origins:\n" + numbered(100_000, "      - https://tenant-%d.example.com\n")
	many := "version: 1\npolicies:\n  p: {origins: [https://app.example]}\n"
	for i := range 100 {
		many += fmt.Sprintf("  p%d:\n    origins:\n", i) + numbered(1000, fmt.Sprintf("      - https://tenant-%%d.c%d.example.com\n", i))
	}
	for _, row := range []struct{ name, text string }{{"one policy", one + routes}, {"a hundred policies", many + routes}} {
		t.Run(row.name, func(t *testing.T) {
			start := time.Now()
			f := good(t, row.text)
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %v", took)
			}
			if len(f.Routes) != 1000 {
				t.Errorf("got %d routes", len(f.Routes))
			}
		})
	}
}

// Two files that differ in one of many origins are compared, in a time that grows as they do.
func TestDiffLarge(t *testing.T) {
	text := "version: 1\npolicies:\n  p:\n    origins:\n" + numbered(10_000, "      - https://tenant-%d.example.com\n")
	other := strings.Replace(text, "https://tenant-77.", "https://tenant-x.", 1)
	start := time.Now()
	if d := policyfile.Diff(good(t, text), good(t, other)); len(d.Changes) != 2 || !d.Wider || !d.Narrower {
		t.Errorf("got %d changes, want a gain and a loss", len(d.Changes))
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}

// What takes long if every mistake is looked at by itself does not.
func TestManyMistakes(t *testing.T) {
	name := strings.Repeat("n", 150)
	var methods strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&methods, "  - {path: /, methods: [%s]}\n", numbered(100, fmt.Sprintf("M%d-%%d, ", i)))
	}
	for _, row := range []struct{ name, text string }{
		{"a list that policies share", "version: 1\nx: &a [" + numbered(900, "x%d, ") + "]\npolicies:\n" + numbered(999, "  p%d: {origins: *a}\n")},
		{"names of policies", "version: 1\npolicies:\n" + numbered(1000, "  "+name+"%03d: {origins: ['*']}\n") + "routes:\n" + numbered(1000, "  - {path: /, policy: "+name+"%03dx}\n")},
		{"methods of one path", app + "routes:\n" + methods.String() + "  - {path: a}\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			start := time.Now()
			if f, _ := load(row.text, ""); f != nil {
				t.Error("the file is valid")
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}
