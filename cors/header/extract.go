package header

import (
	"math"
	"strings"
)

// Extraction is the outcome of extracting a field's values: there was no such field, it broke its grammar, or it was
// read. Callers must tell the first two apart, because the Standard does.
//
// https://fetch.spec.whatwg.org/#extract-header-list-values
type Extraction int

const (
	Absent    Extraction = iota // no line of this name
	Failure                     // a line of this name that breaks the grammar
	Extracted                   // read; for a list, possibly with no element
)

// String returns the outcome in lower case, for messages.
func (e Extraction) String() string {
	switch e {
	case Absent:
		return "absent"
	case Failure:
		return "failure"
	case Extracted:
		return "extracted"
	}
	return "unknown"
}

// ExtractTokens reads a field whose grammar is a list of tokens, such as Access-Control-Allow-Headers. All lines of the
// name make one list. Optional whitespace (SP, HTAB) around the commas and empty elements are skipped. One element that
// is not a token makes the whole field a Failure; bad is then the first such element, without the whitespace around it.
//
// The tokens keep their case, order and duplicates, and are substrings of the field's values.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
func ExtractTokens(l List, name string) (tokens []string, state Extraction, bad string) {
	for value := range l.Values(name) {
		if state == Absent {
			state = Extracted
			if n := strings.Count(value, ","); n > 0 {
				tokens = make([]string, 0, min(n+1, 64)) // bounded: a value of commas holds no tokens
			}
		}
		for more := true; more; {
			var element string
			element, value, more = strings.Cut(value, ",")
			element = trimOWS(element)
			switch {
			case element == "":
			case !IsToken(element):
				return nil, Failure, element
			default:
				tokens = append(tokens, element)
			}
		}
	}
	return tokens, state, ""
}

// ExtractDeltaSeconds reads a field whose grammar is delta-seconds, such as Access-Control-Max-Age: decimal digits and
// nothing else, on one line. A sign, a fraction, a unit, a list or a second line is a Failure. A number too large for
// uint64 is the largest uint64.
//
// https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2
func ExtractDeltaSeconds(l List, name string) (seconds uint64, state Extraction) {
	for value := range l.Values(name) {
		if state != Absent || value == "" {
			return 0, Failure
		}
		state = Extracted
		for i := range len(value) {
			if !isDigit(value[i]) {
				return 0, Failure
			}
			digit := uint64(value[i] - '0')
			if seconds > (math.MaxUint64-digit)/10 {
				seconds = math.MaxUint64 // and stays: any further digit overflows again
				continue
			}
			seconds = seconds*10 + digit
		}
	}
	return seconds, state
}
