package term_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/concors/concors/internal/term"
)

func TestPrinter(t *testing.T) {
	p := term.NewPrinter(term.NewStyles(false), 10)
	p.Line("one  ")
	p.Item("why", "a text that has to be broken at forty columns, and a \x1b in it")
	p.Item("note", "")
	p.Beside("* ", "  ", "two\nlines", strings.ToUpper)
	var b bytes.Buffer
	if n, err := p.WriteTo(&b); err != nil || int(n) != b.Len() {
		t.Errorf("got %d, %v of %d bytes", n, err, b.Len())
	}
	want := "one\n  why   a text that has to be broken at\n        forty columns, and a \\x1b in it\n* TWO\n  LINES\n"
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if p.Width() != 40 {
		t.Errorf("got width %d, want 40", p.Width())
	}
}
