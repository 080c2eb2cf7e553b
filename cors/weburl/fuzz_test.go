package weburl_test

import (
	"testing"

	"github.com/concors/concors/cors/weburl"
)

// FuzzParse checks that a URL is what its serialization parses to, alone and relative to any base.
func FuzzParse(f *testing.F) {
	for _, row := range parseRows() {
		f.Add(row.input, row.base)
	}
	f.Fuzz(func(t *testing.T, input, baseInput string) {
		base, err := weburl.Parse(baseInput, nil)
		if err != nil {
			base = nil
		}
		u, err := weburl.Parse(input, base)
		if err != nil {
			return
		}
		href := u.String()
		for i := range len(href) {
			if href[i] < ' ' || href[i] > '~' {
				t.Fatalf("Parse(%q, %q): %q is not printable ASCII", input, baseInput, href)
			}
		}
		for _, base := range []*weburl.URL{nil, base} {
			again, err := weburl.Parse(href, base)
			if err != nil {
				t.Fatalf("Parse(%q, %q): %q does not parse again: %v", input, baseInput, href, err)
			}
			if *again != *u {
				t.Fatalf("Parse(%q, %q): got %+v, from %q again %+v", input, baseInput, *u, href, *again)
			}
		}
		if u.IsSpecial() && (!u.HasHost || u.Path == "" || u.OpaquePath) {
			t.Fatalf("Parse(%q, %q): special without host or path: %+v", input, baseInput, *u)
		}
		if u.IsSpecial() && u.Scheme != "file" && u.Host == "" {
			t.Fatalf("Parse(%q, %q): no host: %+v", input, baseInput, *u)
		}
	})
}
