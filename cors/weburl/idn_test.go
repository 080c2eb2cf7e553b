package weburl_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/weburl"
)

// TestParseNewerMappings holds a row for each kind of character whose mapping changed after the tables of idna.
func TestParseNewerMappings(t *testing.T) {
	tests := []struct {
		name, host, same string // two ways to write one host
	}{
		{"capital sharp s", "FAẞ.example", "faß.example"},
		{"first Georgian capital", "\u10a0.example", "\u2d00.example"},
		{"last Georgian capital", "\u10c5.example", "\u2d25.example"},
		{"palochka", "\u04c0.example", "\u04cf.example"},
		{"turned capital F", "\u2132.example", "\u214e.example"},
		{"reversed C", "\u2183.example", "\u2184.example"},
		{"corrected ideograph 2F868", "\U0002f868.example", "\u36fc.example"},
		{"corrected ideograph 2F874", "\U0002f874.example", "\u5f53.example"},
		{"corrected ideograph 2F91F", "\U0002f91f.example", "\U000243ab.example"},
		{"corrected ideograph 2F95F", "\U0002f95f.example", "\u7aee.example"},
		{"corrected ideograph 2F9BF", "\U0002f9bf.example", "\u45d7.example"},
		{"filler", "a\u115fb\u1160c\u3164d\uffa0.example", "abcd.example"},
		{"inherent vowel", "a\u17b4b\u17b5.example", "ab.example"},
		{"vowel separator", "look\u180eout.example", "lookout.example"},
		{"invisible operator", "a\u2061b\u2063.example", "ab.example"},
		{"deprecated format control", "a\u206ab\u206f.example", "ab.example"},
		{"musical format control", "a\U0001d173b\U0001d17a.example", "ab.example"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, want := mustParse(t, "https://"+test.host+"/").Host, mustParse(t, "https://"+test.same+"/").Host
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestParseRefusesBadALabelBehindAnySeparator finds every character that mapping makes a full stop of (all of them are in the
// first plane), and checks that the label behind it is looked at.
func TestParseRefusesBadALabelBehindAnySeparator(t *testing.T) {
	separators := 0
	for r := rune(' '); r <= 0xffff; r++ {
		u, err := weburl.Parse("https://a"+string(r)+"b.ü/", nil)
		if err != nil || !strings.HasPrefix(u.Host, "a.") {
			continue
		}
		separators++
		for _, label := range []string{"xn--", "xn--ü-1", "ｘｎ--ü1-", "xn\u00ad--"} {
			if u, err := weburl.Parse("https://a"+string(r)+label+"/", nil); err == nil && (r > 0x7f || label != "xn--") {
				t.Errorf("%U then %q: got host %q, want an error", r, label, u.Host)
			}
		}
	}
	if separators < 4 {
		t.Errorf("got %d separators, want the four of UTS 46 at least", separators)
	}
}
