package stage

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Bounds on what one request may make the Server hold.
const (
	maxHeaderBytes = 256 << 10
	maxBodyBytes   = 4 << 20
)

// A Request is one request as a client sent it.
type Request struct {
	// Seq counts the requests of a Server from 1, in the order in which their headers were complete.
	Seq  uint64
	Time time.Time // when the header was complete

	Scheme string // of the listener: http or https
	Method string
	Target string // as sent, so usually path and query
	Host   string // the value of the Host field, with its port

	// Lines are the header lines in the order sent, names and values untouched, without line ends.
	Lines []string
	Body  []byte // without the chunked framing
}

// Values returns the value of every header line with this name, compared without case, without the white space
// around it.
func (r *Request) Values(name string) []string {
	var values []string
	for _, line := range r.Lines {
		if n, v, ok := strings.Cut(line, ":"); ok && strings.EqualFold(n, name) {
			values = append(values, strings.Trim(v, " \t"))
		}
	}
	return values
}

// value returns the first of Values, or "".
func (r *Request) value(name string) string {
	if v := r.Values(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// readHead reads the request line and the header lines. It returns io.EOF if the client closed between requests.
func readHead(br *bufio.Reader, scheme string) (*Request, error) {
	left := maxHeaderBytes
	first, err := readLine(br, &left)
	if err != nil {
		return nil, err
	}
	parts := strings.Split(first, " ")
	if len(parts) != 3 || parts[2] != "HTTP/1.1" {
		return nil, fmt.Errorf("invalid request line %q: not three parts ending in HTTP/1.1", first)
	}
	req := &Request{Scheme: scheme, Method: parts[0], Target: parts[1]}
	for {
		line, err := readLine(br, &left)
		if errors.Is(err, io.EOF) {
			return nil, io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		req.Lines = append(req.Lines, line)
	}
	req.Host = req.value("Host")
	return req, nil
}

// readBody reads what the header announces.
func (r *Request) readBody(br *bufio.Reader) error {
	if strings.EqualFold(r.value("Transfer-Encoding"), "chunked") {
		return r.readChunks(br)
	}
	length := r.value("Content-Length")
	if length == "" {
		return nil
	}
	n, err := strconv.ParseUint(length, 10, 31)
	if err != nil || n > maxBodyBytes {
		return fmt.Errorf("invalid Content-Length %q: not a number up to %d", length, maxBodyBytes)
	}
	r.Body = make([]byte, n)
	_, err = io.ReadFull(br, r.Body)
	return err
}

func (r *Request) readChunks(br *bufio.Reader) error {
	left := maxHeaderBytes
	for {
		line, err := readLine(br, &left)
		if err != nil {
			return err
		}
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(size, 16, 31)
		if err != nil || n+uint64(len(r.Body)) > maxBodyBytes {
			return fmt.Errorf("invalid chunk size %q: not a number, or more than %d bytes in all", size, maxBodyBytes)
		}
		if n == 0 {
			break
		}
		chunk := make([]byte, n)
		if _, err := io.ReadFull(br, chunk); err != nil {
			return err
		}
		r.Body = append(r.Body, chunk...)
		if line, err := readLine(br, &left); err != nil || line != "" {
			return errors.Join(fmt.Errorf("invalid chunk: no line end after %d bytes", n), err)
		}
	}
	for { // trailers
		if line, err := readLine(br, &left); err != nil || line == "" {
			return err
		}
	}
}

// readLine reads up to a line end, at most *left bytes, which it lowers.
func readLine(br *bufio.Reader, left *int) (string, error) {
	var line []byte
	for {
		part, err := br.ReadSlice('\n')
		*left -= len(part)
		if *left < 0 {
			return "", fmt.Errorf("header is over %d bytes", maxHeaderBytes)
		}
		line = append(line, part...)
		if err == nil {
			return string(bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'})), nil
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(line) > 0 && errors.Is(err, io.EOF) {
			return "", io.ErrUnexpectedEOF
		}
		return "", err
	}
}
