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

func TestBreak(t *testing.T) {
	for _, row := range []struct {
		name  string
		text  string
		width int
		want  []string
	}{
		{"it fits", "one two", 7, []string{"one two"}},
		{"at spaces", "one two three", 7, []string{"one two", "three"}},
		{"a URL", "see https://a.example/x now", 12, []string{"see https://", "a.example/x", "now"}},
		{"a URL that fits on the next line", "see https://a.example/x", 19, []string{"see", "https://a.example/x"}},
		{"a URL, and little room before it", "see this https://a.example/x", 12, []string{"see this", "https://", "a.example/x"}},
		{"spaces only", "     ", 3, []string{""}},
		{"a wide character in a narrow rest", "a 漢字漢字", 3, []string{"a", "漢", "字", "漢", "字"}},
		{"a name, after a hyphen", "Access-Control-Allow-Headers: X", 24, []string{"Access-Control-Allow-", "Headers: X"}},
		{"no hyphen in the second half", "a-bcdefghij", 6, []string{"a-bcde", "fghij"}},
		{"wide characters at an odd width", "漢字漢字", 5, []string{"漢字", "漢字"}},
		{"a character wider than the width", "漢字", 1, []string{"漢", "字"}},
		{"no width", "ab", 0, []string{"a", "b"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := term.Break(row.text, row.width); !slices.Equal(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestCut(t *testing.T) {
	for _, row := range []struct {
		name, text string
		width      int
		want       string
	}{
		{"it fits", "abc", 3, "abc"},
		{"it does not", "abcd", 3, "ab…"},
		{"wide characters", "漢字漢", 4, "漢…"},
		{"room for the end alone", "abc", 1, "…"},
		{"no room", "abc", 0, "…"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := term.Cut(row.text, row.width, "…"); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "漢字": 4, "e\u0301": 1} {
		if got := term.Columns(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestASCII(t *testing.T) {
	for _, row := range []struct {
		name string
		env  map[string]string
		want bool
	}{
		{"nothing is known", nil, false},
		{"a dumb terminal", map[string]string{"TERM": "dumb", "LANG": "C.UTF-8"}, true},
		{"a terminal", map[string]string{"TERM": "xterm"}, false},
		{"UTF-8", map[string]string{"LANG": "en_US.UTF-8"}, false},
		{"UTF-8, spelt otherwise", map[string]string{"LC_CTYPE": "de_DE.utf8"}, false},
		{"Latin-1", map[string]string{"LANG": "de_DE.ISO-8859-1"}, true},
		{"C", map[string]string{"LC_ALL": "C", "LANG": "en_US.UTF-8"}, true},
		{"the character type comes before the language", map[string]string{"LC_CTYPE": "C.UTF-8", "LANG": "C"}, false},
		{"an empty one says nothing", map[string]string{"LC_ALL": "", "LANG": "POSIX"}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := term.ASCII(func(name string) string { return row.env[name] }); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}
