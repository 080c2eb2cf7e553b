package corpus

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// A SyntaxError is a mistake in the text of a case.
type SyntaxError struct {
	File   string
	Line   int // from 1
	Reason string
}

// Error gives the position and the reason.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason) }

// line is one line of a file, without its end.
type line struct {
	file string
	n    int
	text string
}

func (l line) errorf(format string, args ...any) error {
	return &SyntaxError{File: l.file, Line: l.n, Reason: fmt.Sprintf(format, args...)}
}

// indented reports whether the line belongs to the one before.
func (l line) indented() bool { return strings.HasPrefix(l.text, " ") }

// section is a part of a case: its marker, and the lines up to the next one.
type section struct {
	line
	name     string
	profiles []string // empty for all
	lines    []line
}

// split cuts a file into the text before the first section and the sections.
func split(file, text string) (doc string, sections []section, err error) {
	var words []string
	n := 0
	for raw := range strings.Lines(text) {
		n++
		l := line{file, n, strings.TrimSuffix(raw, "\n")}
		switch {
		case strings.TrimRight(l.text, " \t\r") != l.text:
			return "", nil, l.errorf("white space at the end of the line: write the value as a literal")
		case l.text == "":
		case isMarker(l.text):
			s, err := newSection(l)
			if err != nil {
				return "", nil, err
			}
			sections = append(sections, s)
		case len(sections) == 0:
			words = append(words, strings.Fields(l.text)...)
		default:
			last := &sections[len(sections)-1]
			last.lines = append(last.lines, l)
		}
	}
	if len(words) == 0 {
		return "", nil, line{file: file, n: 1}.errorf("nothing says what the case shows")
	}
	return strings.Join(words, " "), sections, nil
}

func isMarker(text string) bool {
	return len(text) > len("--  --") && strings.HasPrefix(text, "-- ") && strings.HasSuffix(text, " --")
}

func newSection(l line) (section, error) {
	words := strings.Fields(l.text[len("-- ") : len(l.text)-len(" --")])
	if len(words) == 0 {
		return section{}, l.errorf("section without a name")
	}
	s := section{line: l, name: words[0], profiles: words[1:]}
	switch s.name {
	case "page", "stage", "policy", "fetch", "stored":
		if len(s.profiles) > 0 {
			return section{}, l.errorf("section %s is the same for all browsers", s.name)
		}
	case "response", "want":
	default:
		return section{}, l.errorf("unknown section %q", s.name)
	}
	for i, p := range s.profiles {
		if !slices.Contains(profileNames(), p) {
			return section{}, l.errorf("unknown browser %q", p)
		}
		if slices.Contains(s.profiles[:i], p) {
			return section{}, l.errorf("browser %s is named twice", p)
		}
	}
	return s, nil
}

// first returns the first line and the rest.
func (s *section) first() (line, []line, error) {
	if len(s.lines) == 0 {
		return line{}, nil, s.errorf("section %s is empty", s.name)
	}
	if s.lines[0].indented() {
		return line{}, nil, s.lines[0].errorf("the first line of a section cannot be indented")
	}
	return s.lines[0], s.lines[1:], nil
}

func profileNames() []string {
	var names []string
	for _, p := range fetch.Profiles() {
		names = append(names, p.Name)
	}
	return names
}
