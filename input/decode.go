package input

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/internal/spelling"
)

// maxKey is how long a key may be that is kept for the path of an error.
const maxKey = 200

// maxDepth is how deep a value may be nested that is skipped.
const maxDepth = 1000

// decoder reads JSON token by token, so that it knows where it is and sees every key, known or not, once or twice. It
// goes only as deep as the keys it knows.
type decoder struct {
	json  *json.Decoder
	lines *lineCounter
	path  []string // keys with their dot, indices in brackets
}

func newDecoder(r io.Reader) *decoder {
	lines := &lineCounter{r: r}
	d := &decoder{json: json.NewDecoder(lines), lines: lines}
	d.json.UseNumber()
	return d
}

// A field is one key that an object may have, and how its value is read.
type field struct {
	name string
	read func() error
}

// object reads an object of the given keys, each at most once, and returns the keys that were there.
func (d *decoder) object(fields ...field) ([]string, error) {
	return d.members(fields, func(key string) error { return d.fail("", unknownKey(key, fields)) })
}

// openObject is object for one that may have other keys, whose values are skipped.
func (d *decoder) openObject(fields ...field) ([]string, error) {
	return d.members(fields, func(string) error { return d.skip() })
}

func (d *decoder) members(fields []field, unknown func(key string) error) ([]string, error) {
	if err := d.open('{', "an object"); err != nil {
		return nil, err
	}
	var seen []string
	for d.json.More() {
		token, err := d.token()
		if err != nil {
			return nil, err
		}
		key, ok := token.(string)
		if !ok {
			return nil, d.fail(show(token), "want a key")
		}
		d.path = append(d.path, "."+quoteKey(key))
		read := func() error { return unknown(key) }
		if i := slices.IndexFunc(fields, func(f field) bool { return f.name == key }); i >= 0 {
			if slices.Contains(seen, key) {
				return nil, d.fail("", "the key is there twice")
			}
			seen = append(seen, key)
			read = fields[i].read
		}
		if err := read(); err != nil {
			return nil, err
		}
		d.path = d.path[:len(d.path)-1]
	}
	_, err := d.token()
	return seen, err
}

// list reads a list, calling read for each element in turn.
func (d *decoder) list(what string, read func() error) error {
	if err := d.open('[', what); err != nil {
		return err
	}
	return d.elements(read)
}

// elements reads the rest of a list whose bracket has been read.
func (d *decoder) elements(read func() error) error {
	for i := 0; d.json.More(); i++ {
		d.path = append(d.path, "["+strconv.Itoa(i)+"]")
		if err := read(); err != nil {
			return err
		}
		d.path = d.path[:len(d.path)-1]
	}
	_, err := d.token()
	return err
}

// skip reads a value of any kind and forgets it.
func (d *decoder) skip() error {
	token, err := d.token()
	if _, ok := token.(json.Delim); ok {
		return d.skipOpened()
	}
	return err
}

// skipOpened is skip for an object or a list whose bracket has been read.
func (d *decoder) skipOpened() error {
	for depth := 1; depth > 0; {
		token, err := d.token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return d.fail("", fmt.Sprintf("nested deeper than %d", maxDepth))
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

func (d *decoder) open(delim json.Delim, want string) error {
	token, err := d.token()
	if err != nil {
		return err
	}
	if token != delim {
		return d.fail(kind(token), "want "+want)
	}
	return nil
}

// scalar reads one value that is neither an object nor a list.
func (d *decoder) scalar(want string) (json.Token, error) {
	token, err := d.token()
	if err != nil {
		return nil, err
	}
	if _, ok := token.(json.Delim); ok {
		return nil, d.fail(show(token), "want "+want)
	}
	return token, nil
}

func (d *decoder) text() (string, error) {
	token, err := d.scalar("a string")
	if err != nil {
		return "", err
	}
	s, ok := token.(string)
	if !ok {
		return "", d.fail(kind(token), "want a string")
	}
	return s, nil
}

// oneOf reads a string that is one of the names.
func oneOf[T ~string](d *decoder, to *T, names []T) func() error {
	return func() error {
		s, err := d.text()
		if err != nil {
			return err
		}
		if !slices.Contains(names, T(s)) {
			words := make([]string, len(names))
			for i, name := range names {
				words[i] = string(name)
			}
			return d.fail(show(s), "want one of "+strings.Join(words, ", "))
		}
		*to = T(s)
		return nil
	}
}

// option reads a string that a script passes, whatever it is.
func option[T ~string](d *decoder, to *T) func() error {
	return func() error {
		s, err := d.text()
		*to = T(given(s))
		return err
	}
}

func (d *decoder) bool(to *bool) func() error {
	return func() error {
		token, err := d.scalar("true or false")
		if err != nil {
			return err
		}
		b, ok := token.(bool)
		if !ok {
			return d.fail(show(token), "want true or false")
		}
		*to = b
		return nil
	}
}

// integer reads a whole number in a range.
func (d *decoder) integer(to *int, low, high int) func() error {
	return func() error {
		want := fmt.Sprintf("a whole number from %d to %d", low, high)
		token, err := d.scalar(want)
		if err != nil {
			return err
		}
		number, ok := token.(json.Number)
		n, err := strconv.Atoi(string(number))
		if !ok || err != nil || n < low || n > high {
			return d.fail(show(token), "want "+want)
		}
		*to = n
		return nil
	}
}

// end checks that nothing follows; what names the whole.
func (d *decoder) end(what string) error {
	_, err := d.json.Token()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if failed := d.lines.err; failed != nil {
		return failed
	}
	return &Error{Line: d.line(d.json.InputOffset()), Reason: "something follows the end of " + what}
}

func (d *decoder) token() (json.Token, error) {
	token, err := d.json.Token()
	switch {
	case err == nil:
		return token, nil
	case d.lines.err != nil:
		return nil, d.lines.err // the reader's: what was read of the text may be fine
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, &Error{Line: d.line(d.lines.text), Path: d.where(), Reason: "this is not JSON: it ends too early"}
	}
	return nil, &Error{Line: d.line(d.json.InputOffset()), Path: d.where(), Reason: "this is not JSON: " + err.Error()}
}

// fail is an error at the value that was just read.
func (d *decoder) fail(value, reason string) error {
	return &Error{Line: d.line(d.json.InputOffset()), Path: d.where(), Value: value, Reason: reason}
}

// missing is an error about a key that is not there.
func (d *decoder) missing(key string) error {
	return &Error{Line: d.line(d.json.InputOffset()), Path: strings.TrimPrefix(d.where()+"."+key, "."), Reason: "the key is missing"}
}

func (d *decoder) where() string { return strings.TrimPrefix(strings.Join(d.path, ""), ".") }

func (d *decoder) line(offset int64) int { return d.lines.at(offset) }

// show is a value as an error shows it.
func show(token json.Token) string {
	switch v := token.(type) {
	case nil:
		return "null"
	case string:
		return shorten(strconv.Quote(v))
	case json.Delim:
		return map[json.Delim]string{'{': "an object", '[': "a list"}[v]
	}
	return shorten(fmt.Sprint(token))
}

// kind is what a value is, for a place where the value itself may be a secret.
func kind(token json.Token) string {
	switch token.(type) {
	case string:
		return "a string"
	case json.Number:
		return "a number"
	}
	return show(token)
}

// showURL is a URL as an error shows it: without the parts that may hold a secret.
func showURL(s string) string {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i] + "..."
	}
	if _, host, found := strings.Cut(s, "@"); found {
		s = "...@" + host
	}
	return show(s)
}

// quoteKey is a key as a path shows it: bare when it is a plain word.
func quoteKey(key string) string {
	plain := key != "" && strings.IndexFunc(key, func(c rune) bool {
		return c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) < 0
	if plain {
		return shorten(key)
	}
	if len(key) > maxKey {
		key = key[:maxKey]
	}
	return shorten(strconv.Quote(key))
}

// unknownKey says that a key is not known, and which one may have been meant.
func unknownKey(key string, fields []field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	if near := spelling.Nearest(key, names); near != "" {
		return "unknown key (did you mean " + near + "?)"
	}
	return "unknown key"
}
