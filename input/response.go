package input

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// The bounds of raw responses.
const (
	MaxResponses = 64 << 20 // bytes of text, bodies included
	MaxHead      = 1 << 20  // bytes of all heads together
)

// ReadResponses reads raw HTTP responses one after another, as curl prints them with -i, -iL, -D - and -v, and as
// developer tools show response headers in their raw view. The error is an [*Error], or that of the reader.
//
// A response starts at a status line of any version of HTTP and its head ends at an empty line. What follows up to the
// next line that is a status line is its body, and skipped. In what -v prints, only lines that start with < count. Interim
// responses are skipped, but not 101, which ends a handshake; so is a proxy's answer to CONNECT.
//
// Headers without a status line are an error, not a 200: whether a preflight succeeds, a redirect is followed or a cache
// may answer hangs on the status. Values are the bytes of the text.
//
// https://www.rfc-editor.org/rfc/rfc9112#section-4
func ReadResponses(r io.Reader) ([]fetch.Response, error) {
	h := &headReader{in: bufio.NewReader(io.LimitReader(r, MaxResponses+1))}
	for {
		text, err := h.readLine()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if h.read > MaxResponses {
			return nil, &Error{Reason: fmt.Sprintf("the responses are larger than %d MiB", MaxResponses>>20)}
		}
		if errors.Is(err, io.EOF) && text == "" {
			return h.end()
		}
		if err := h.take(text); err != nil {
			return nil, err
		}
	}
}

// A headReader collects the heads of responses, line by line.
type headReader struct {
	in   *bufio.Reader
	line int
	read int // bytes so far
	size int // of all heads so far

	prefix    string // of the lines that count: "< " once -v has printed a status line
	open      bool   // a head has begun and not ended
	skip      bool   // it is not of the server, or not final
	junk      *Error // the first line that cannot be read, while -v may still explain it
	name      string // of the header whose lines are being read; empty for none
	value     strings.Builder
	current   fetch.Response
	responses []fetch.Response
}

// readLine returns the next line without its end. Of a line that is longer than any head may be, it returns the start.
func (h *headReader) readLine() (string, error) {
	h.line++
	var line []byte
	for {
		part, err := h.in.ReadSlice('\n')
		h.read += len(part)
		if len(line) <= MaxHead {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if h.line == 1 {
				line = bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF"))
			}
			return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), err
		}
	}
}

// take deals with one line.
func (h *headReader) take(text string) error {
	verbose := strings.HasPrefix(text, "<")
	if verbose && h.prefix == "" && len(h.responses) == 0 && !h.open && isStatusLine(trimVerbose(text)) {
		h.prefix, h.junk = "<", nil
	}
	if h.prefix != "" {
		if !verbose {
			return nil
		}
		text = trimVerbose(text)
	}
	switch {
	case isStatusLine(text):
		if h.junk != nil {
			return h.junk
		}
		if err := h.finish(); err != nil {
			return err
		}
		return h.begin(text)
	case h.open && text == "":
		return h.finish()
	case h.open:
		return h.field(text)
	case len(h.responses) == 0 && !h.skip && h.junk == nil && !isChatter(text):
		h.junk = &Error{Line: h.line, Reason: "want a status line first, such as HTTP/1.1 200 OK"}
		if strings.HasPrefix(text, "\xFF\xFE") || strings.HasPrefix(text, "\xFE\xFF") {
			h.junk.Reason = "the text is UTF-16: want UTF-8"
		}
	}
	return nil
}

func trimVerbose(text string) string { return strings.TrimPrefix(strings.TrimPrefix(text, "<"), " ") }

// isChatter reports whether curl prints the line of itself, or it is blank.
func isChatter(text string) bool {
	return strings.TrimSpace(text) == "" || len(text) > 1 && strings.IndexByte("*>{}", text[0]) >= 0 && text[1] == ' ' || text == ">"
}

// isStatusLine reports whether a line is a status line: a version, a space and three digits, whatever follows them.
func isStatusLine(text string) bool {
	version, rest, found := strings.Cut(text, " ")
	if number, ok := strings.CutPrefix(version, "HTTP/"); !found || !ok || strings.Trim(number, "0123456789.") != "" || number == "" {
		return false
	}
	n, _ := digits(rest, 10, 3)
	return n == 3 && (len(rest) == 3 || rest[3] == ' ')
}

// begin starts a head.
func (h *headReader) begin(text string) error {
	if err := h.count(text); err != nil {
		return err
	}
	_, rest, _ := strings.Cut(text, " ")
	code, phrase := rest[:3], strings.TrimSpace(rest[3:])
	status, err := strconv.Atoi(code)
	if err != nil || status < 100 {
		return &Error{Line: h.line, Value: show(code), Reason: "want a status from 100 to 999"}
	}
	interim := status < 200 && status != 101
	h.open, h.skip = true, interim || header.EqualFold(phrase, "Connection established")
	h.current = fetch.Response{Status: status}
	return nil
}

// field takes a header line, or one that goes on with the line before.
//
// https://www.rfc-editor.org/rfc/rfc9112#section-5.2
func (h *headReader) field(text string) error {
	if err := h.count(text); err != nil {
		return err
	}
	if text[0] == ' ' || text[0] == '\t' {
		if h.name == "" {
			return &Error{Line: h.line, Reason: "the line goes on with a header, and there is none before it"}
		}
		h.value.WriteString(" " + strings.Trim(text, " \t"))
		return nil
	}
	if err := h.endField(); err != nil {
		return err
	}
	name, value, found := strings.Cut(text, ":")
	if !found {
		return &Error{Line: h.line, Reason: "want a header: a name, a colon and a value"} // it may be a secret
	}
	if reason := responseName(name); reason != "" {
		return &Error{Line: h.line, Value: show(name), Reason: reason}
	}
	h.name = name
	h.value.WriteString(value)
	return nil
}

// endField adds the header whose last line has been read, if there is one.
func (h *headReader) endField() error {
	if h.name == "" {
		return nil
	}
	value, reason := wireValue(h.value.String())
	if reason != "" {
		return &Error{Line: h.line - 1, Value: show(h.name), Reason: reason}
	}
	h.current.Header = append(h.current.Header, header.Field{Name: h.name, Value: value})
	h.name = ""
	h.value.Reset()
	return nil
}

func (h *headReader) count(text string) error {
	if h.size += len(text); h.size > MaxHead {
		return &Error{Line: h.line, Reason: fmt.Sprintf("the heads are larger than %d MiB", MaxHead>>20)}
	}
	return nil
}

// finish ends a head, if one has begun.
func (h *headReader) finish() error {
	err := h.endField()
	if h.open && !h.skip {
		h.responses = append(h.responses, h.current)
	}
	h.open = false
	return err
}

// end is the outcome once there is no more text.
func (h *headReader) end() ([]fetch.Response, error) {
	err := h.finish()
	switch {
	case err != nil:
		return nil, err
	case h.junk != nil:
		return nil, h.junk
	case len(h.responses) == 0:
		return nil, &Error{Reason: "want a response, and there is none"}
	}
	return h.responses, nil
}
