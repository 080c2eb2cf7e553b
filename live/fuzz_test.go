package live

import (
	"strconv"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// FuzzCookies: whatever a server sets, a Cookie header can be sent, and no other site gets any of it.
func FuzzCookies(f *testing.F) {
	for _, seed := range []string{
		"a=1", "a=1; Domain=example.com; Path=/; SameSite=None; Secure", "=; ;=", `a="x;y"`, "__Host-a=\xff; Secure; Path=/",
		"a=1; Domain=com", "a=1; Domain=other.example", "a=1; Max-Age=99999999999999999999", "a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT",
	} {
		f.Add(seed)
	}
	at := func(f *testing.F, raw string) *hop {
		u, err := weburl.Parse(raw, nil)
		if err != nil {
			f.Fatal(err)
		}
		return &hop{url: u, origin: origin.Of(u)}
	}
	here, there := at(f, "https://www.example.com/a/b"), at(f, "https://other.example/a/b")
	e := chromium(fetch.Chromium())
	f.Fuzz(func(t *testing.T, line string) {
		c := newCookies(&fetch.Page{Origin: here.origin}, &e, "given=1")
		res := fetch.Response{Status: 200, Header: header.List{{Name: "Set-Cookie", Value: line}}}
		c.store(&res, visit{at: here, first: here})
		value := c.header(visit{at: here, first: here})
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			t.Errorf("got %q, with a control byte", value)
		}
		if n := strings.Count(value, ";"); n > 1 {
			t.Errorf("got %q, want one cookie at most besides the one that was given", value)
		}
		if value := c.header(visit{at: there, first: here}); value != "" {
			t.Errorf("another site gets %q", value)
		}
	})
}

// FuzzWithoutValue: of a line that is quoted, nothing after the name is left.
func FuzzWithoutValue(f *testing.F) {
	f.Add("malformed MIME header line", `Set-Cookie: sid=hidden"`)
	f.Add("", `":"`)
	f.Fuzz(func(t *testing.T, before, line string) {
		if strings.Contains(before, `"`) {
			t.Skip()
		}
		got := withoutValue(before + strconv.Quote(line))
		name, _, found := strings.Cut(strconv.Quote(line), ":")
		switch {
		case !found && got != before+strconv.Quote(line):
			t.Errorf("got %q, want it as it was", got)
		case found && got != before+name+`: ..."`:
			t.Errorf("got %q, want %q and no value", got, before+name)
		}
	})
}
