package stack_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/stack"
)

func TestReadRegexp(t *testing.T) {
	for _, test := range []struct{ expression, want string }{
		{`^https://app\.example\.com$`, "https://app.example.com"},
		{`^https?://app\.example\.com$`, "https://app.example.com http://app.example.com"},
		{`^https://(www|app)\.example\.com$`, "https://www.example.com https://app.example.com"},
		{`^https://([a-z0-9-]+\.)+example\.com$`, "https://*.example.com"},
		{`^https://([a-z0-9-]+\.)*example\.com$`, "https://*.example.com https://example.com"},
		{`^https://.+\.example\.com$`, "https://*.example.com"},
		{`^https://(.*\.)?example\.com$`, "https://*.example.com https://example.com"},
		{`^https://[a-z0-9-]+\.example\.com$`, "https://*.example.com!"},
		{`^https://[^.]+\.example\.com$`, "https://*.example.com!"},
		{`^https://pr-[0-9]+\.example\.com$`, "https://pr-*.example.com"},
		{`^http://localhost(:[0-9]+)?$`, "http://localhost:*"},
		{`^http://localhost:\d+$`, "-"},
		{`^https://app.example.com$`, "-"},
		{`https://app\.example\.com`, "-"},
		{`^https://.*example\.com$`, "-"},
		{`^.*$`, "-"},
		{`^https://[a-z.]+\.com$`, "-"},
		{`(`, "-"},
	} {
		t.Run(test.expression, func(t *testing.T) {
			list, ok := stack.ReadRegexp(test.expression, false)
			var got []string
			for _, p := range list {
				text := p.Pattern
				if p.Wider {
					text += "!"
				}
				got = append(got, text)
			}
			if !ok {
				got = []string{"-"}
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
		})
	}
}

// What is written as an expression is read as the pattern that it was.
func TestReadRegexpOfPattern(t *testing.T) {
	for _, text := range []string{"https://app.example", "https://app.example:8443", "https://*.app.example", "https://*.app.example:*", "https://pr-*.app.example", "http://localhost:*", "https://*-pr.app.example", "http://[::1]:*", "capacitor://localhost"} {
		t.Run(text, func(t *testing.T) {
			p, err := origin.ParsePattern(text)
			if err != nil {
				t.Fatal(err)
			}
			list, ok := stack.ReadRegexp(stack.Regexp(p, stack.PCRE), false)
			if !ok || len(list) != 1 || list[0].Pattern != text || list[0].Wider {
				t.Errorf("got %+v, %t", list, ok)
			}
		})
	}
}
