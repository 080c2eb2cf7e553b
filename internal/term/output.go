package term

import (
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
)

// Widths of text: what is assumed when nobody says, and the most that reads well.
const (
	DefaultWidth = 100
	minWidth     = 40
	maxWidth     = 120
)

// When says when to use colour.
type When string

// The choices.
const (
	Auto   When = "auto" // on a terminal, unless NO_COLOR is set or TERM is dumb
	Always When = "always"
	Never  When = "never"
)

// Colour reports whether to write colour to w. Getenv is [os.Getenv].
func Colour(w io.Writer, when When, getenv func(string) string) bool {
	switch when {
	case Always:
		return true
	case Never:
		return false
	}
	return IsTerminal(w) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

// Width returns how wide text to w should be: the terminal's width within reason, or [DefaultWidth].
func Width(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return DefaultWidth
	}
	width, _, err := term.GetSize(f.Fd())
	if err != nil || width <= 0 {
		return DefaultWidth
	}
	return max(minWidth, min(width, maxWidth))
}

// IsTerminal reports whether text to w is for a person who looks at it now.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(f.Fd())
}

// ASCII reports whether pictures should be made of ASCII: the terminal is dumb, or the locale has another character set than
// UTF-8. Without a locale it is UTF-8. Getenv is [os.Getenv].
func ASCII(getenv func(string) string) bool {
	if getenv("TERM") == "dumb" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(getenv(name)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}
