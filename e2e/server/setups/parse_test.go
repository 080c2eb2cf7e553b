package setups

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	const good = `Words.
-- site.conf --
server {}
-- upstream/server.js --
1
-- try/get --
More words.
page PAGE
fetch /a {"method": "PUT"}
> PUT /a
> Origin: @PAGE@
< 200
< Vary: Origin
= allowed 200
= visible a b
`
	s, err := parse("nginx/name.txtar", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "nginx/name" || s.Doc != "Words." || s.Stack != "nginx" || len(s.Files) != 1 || s.upstream["server.js"] != "1\n" {
		t.Errorf("got %+v", s)
	}
	tries, err := s.triesWith(map[string]string{"PAGE": "http://a", "SELF": "http://b"})
	if err != nil {
		t.Fatal(err)
	}
	try := tries[0]
	if try.Name != "get" || try.Doc != "More words." || try.Page != "http://a" || try.URL != "http://b/a" || try.Init["method"] != "PUT" ||
		try.Want.Status != 200 || strings.Join(try.Want.Visible, " ") != "a b" {
		t.Errorf("got %+v", try)
	}
	const transcript = "> PUT /a\n> Origin: http://a\n< 200\n< Vary: Origin\n"
	if got := Transcript(try.Want.Exchanges); got != transcript {
		t.Errorf("got %q, want %q", got, transcript)
	}

	for _, test := range []struct{ name, old, new, want string }{
		{"no words", "Words.", "", "no words about it"},
		{"no configuration", "-- site.conf --", "-- upstream/other.js --", "no configuration"},
		{"no try", "-- try/get --", "-- other --", "or no try"},
		{"no words about a try", "More words.", "", "try get: no fetch, no words"},
		{"no fetch", "fetch /a {\"method\": \"PUT\"}", "", "try get: no fetch"},
		{"no outcome", "= allowed 200\n", "", "no outcome"},
		{"unknown page", "page PAGE", "page MINE", `invalid line "page MINE": no such page`},
		{"init", `{"method"`, `{method`, `invalid line "fetch`},
		{"header before a request", "> PUT /a\n", "", "no request line before it"},
		{"answer before a request", "> PUT /a\n> Origin: @PAGE@\n", "", "no request before it"},
		{"status", "< 200", "< OK", `invalid line "< OK"`},
		{"header that tells nothing", "< Vary: Origin", "< Date: today", "not a header that tells of CORS"},
		{"outcome", "= allowed 200", "= fine", `invalid line "= fine": not an outcome`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(good, test.old) {
				t.Fatalf("nothing to replace: %q", test.old)
			}
			_, err := parse("nginx/name.txtar", []byte(strings.Replace(good, test.old, test.new, 1)))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
		})
	}
}
