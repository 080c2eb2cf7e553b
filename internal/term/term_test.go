package term_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/internal/term"
)

func TestStyles(t *testing.T) {
	plain, colour := term.NewStyles(false), term.NewStyles(true)
	for _, row := range []struct {
		name          string
		plain, colour func(string) string
	}{
		{"good", plain.Good, colour.Good},
		{"bad", plain.Bad, colour.Bad},
		{"warn", plain.Warn, colour.Warn},
		{"strong", plain.Strong, colour.Strong},
		{"faint", plain.Faint, colour.Faint},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.plain("text"); got != "text" {
				t.Errorf("got plain %q", got)
			}
			if got := row.colour("text"); !strings.Contains(got, "text") || !strings.HasPrefix(got, "\x1b[") || !strings.HasSuffix(got, "m") {
				t.Errorf("got %q, want it styled", got)
			}
			if got := row.colour(""); got != "" {
				t.Errorf("got %q for nothing", got)
			}
		})
	}
}

func TestColour(t *testing.T) {
	var buffer bytes.Buffer
	none := func(string) string { return "" }
	for _, row := range []struct {
		name string
		when term.When
		want bool
	}{
		{"not a terminal", term.Auto, false},
		{"always", term.Always, true},
		{"never", term.Never, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := term.Colour(&buffer, row.when, none); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}

func TestWidthOfNoTerminal(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := term.Width(f); got != term.DefaultWidth {
		t.Errorf("got %d for a file, want %d", got, term.DefaultWidth)
	}
	if got := term.Width(new(bytes.Buffer)); got != term.DefaultWidth {
		t.Errorf("got %d for a buffer, want %d", got, term.DefaultWidth)
	}
}

func TestWrap(t *testing.T) {
	for _, row := range []struct {
		name  string
		text  string
		width int
		want  []string
	}{
		{"nothing", "", 10, []string{""}},
		{"it fits", "one two", 7, []string{"one two"}},
		{"it does not", "one two three", 7, []string{"one two", "three"}},
		{"line breaks stay", "one\n  two\n\nthree", 10, []string{"one", "  two", "", "three"}},
		{"a long word is broken", "a abcdefghij", 4, []string{"a", "abcd", "efgh", "ij"}},
		{"a URL is not", "see https://a.example/x now", 8, []string{"see", "https://a.example/x", "now"}},
		{"characters, not bytes", "éééé éé", 4, []string{"éééé", "éé"}},
		{"wide characters", "漢字漢字", 4, []string{"漢字", "漢字"}},
		{"no width", "ab c", 0, []string{"a", "b", "c"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := term.Wrap(row.text, row.width); !slices.Equal(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
