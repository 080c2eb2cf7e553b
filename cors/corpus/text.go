package corpus

import (
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
)

// isLiteral reports whether a text starts like a Go string literal.
func isLiteral(s string) bool { return s != "" && (s[0] == '"' || s[0] == '`') }

// literal reads string literals with + between, each perhaps repeated, and returns what is behind them.
func (l line) literal(s string) (value, rest string, err error) {
	var b strings.Builder
	for {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return "", "", l.errorf("%s is not a string literal", s)
		}
		part, err := strconv.Unquote(quoted)
		if err != nil {
			return "", "", l.errorf("%s is not a string literal", quoted)
		}
		s = s[len(quoted):]
		if after, ok := strings.CutPrefix(s, "*"); ok {
			digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
			n, err := strconv.ParseUint(after[:digits], 10, 16)
			if err != nil {
				return "", "", l.errorf("no number up to 65535 after *")
			}
			part, s = strings.Repeat(part, int(n)), after[digits:]
		}
		b.WriteString(part)
		after, ok := strings.CutPrefix(s, "+")
		if !ok || !isLiteral(after) {
			return b.String(), s, nil
		}
		s = after
	}
}

// whole reads a text that goes up to the end of the line.
func (l line) whole(s string) (string, error) {
	if !isLiteral(s) {
		return s, nil
	}
	value, rest, err := l.literal(s)
	if err == nil && rest != "" {
		err = l.errorf("%q after the literal", rest)
	}
	return value, err
}

// word is one of several texts on a line.
type word struct {
	key     string // before =; empty when there is none
	value   string
	literal bool // the value was written as a literal
}

// words reads texts with one space between; those after the first ones may be key=value.
func (l line) words(s string) ([]word, error) {
	var words []word
	for s != "" {
		var w word
		end := strings.IndexAny(s, " =\"`")
		if end > 0 && s[end] == '=' && strings.Trim(s[:end], "abcdefghijklmnopqrstuvwxyz-_") == "" {
			w.key, s = s[:end], s[end+1:]
		}
		if isLiteral(s) {
			var err error
			w.literal = true
			if w.value, s, err = l.literal(s); err != nil {
				return nil, err
			}
		} else {
			end := strings.IndexByte(s, ' ')
			if end < 0 {
				end = len(s)
			}
			w.value, s = s[:end], s[end:]
			if w.value == "" {
				return nil, l.errorf("two spaces, or nothing after =")
			}
		}
		words = append(words, w)
		if s == "" {
			break
		}
		rest, ok := strings.CutPrefix(s, " ")
		if !ok || rest == "" {
			return nil, l.errorf("no space before %q", s)
		}
		s = rest
	}
	return words, nil
}

// pair reads "key: value".
func (l line) pair() (key, value string, err error) {
	key, value, ok := strings.Cut(l.text, ": ")
	if !ok || key == "" || strings.ContainsAny(key, " \"`") {
		return "", "", l.errorf("want key: value")
	}
	return key, value, nil
}

// field reads a header line. The name may be a literal too.
func (l line) field() (header.Field, error) {
	name, rest := "", ""
	text := strings.TrimLeft(l.text, " ")
	if isLiteral(text) {
		var err error
		if name, rest, err = l.literal(text); err != nil {
			return header.Field{}, err
		}
	} else if i := strings.IndexByte(text, ':'); i > 0 {
		name, rest = text[:i], text[i:]
		if !header.IsToken(name) {
			return header.Field{}, l.errorf("%q is no header name: write it as a literal if it should not be one", name)
		}
	}
	value, ok := strings.CutPrefix(rest, ": ")
	if !ok {
		return header.Field{}, l.errorf("want a header line, Name: value")
	}
	if strings.Trim(value, " \t") != value {
		return header.Field{}, l.errorf("white space around the value: write it as a literal")
	}
	value, err := l.whole(value)
	return header.Field{Name: name, Value: value}, err
}

// fields reads header lines.
func fields(lines []line) (header.List, error) {
	var list header.List
	for _, l := range lines {
		if l.indented() {
			return nil, l.errorf("a header line cannot be indented here")
		}
		f, err := l.field()
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

// names reads a list of names with commas between.
func (l line) names(value string) ([]string, error) {
	list := strings.Split(value, ", ")
	for _, name := range list {
		if !header.IsToken(name) {
			return nil, l.errorf("%q is not a list of names with a comma and a space between", value)
		}
	}
	return list, nil
}

func (l line) oneOf(key, value string, known ...string) error {
	if slices.Contains(known, value) {
		return nil
	}
	return l.errorf("unknown %s %q: one of %s", key, value, strings.Join(known, ", "))
}
