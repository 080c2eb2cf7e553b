package term_test

import (
	"testing"

	"github.com/concors/concors/internal/term"
)

func TestEscape(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"nothing to do", "é 漢字", "é 漢字"},
		{"a control", "\x1b[2J", `\x1b[2J`},
		{"a line break", "a\nb", `a\x0ab`},
		{"what turns text around", "a\u202eb", `a\u202eb`},
		{"no UTF-8", "a\xffb", `a\xffb`},
		{"beyond the first plane", "\U000e0001", `\U000e0001`},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := term.Escape(row.text); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
