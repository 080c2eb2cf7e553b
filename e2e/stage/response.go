package stage

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// A Field is one header line of a Response.
type Field struct{ Name, Value string }

// A Response is what a Handler wants on the wire. The zero Response is a 200 without fields or body.
type Response struct {
	Status int // 0 means 200

	// Fields are written in this order as name, colon, space, value, line end. Nothing is checked, changed or
	// merged: a value with a line end in it is two lines, and a value that starts with a space has two.
	Fields []Field

	Body []byte // left out of the answer to HEAD and of a 1xx, 204 or 304

	// Abort closes the connection without a byte of answer; the rest of the Response is ignored.
	Abort bool

	// Close closes the connection after the answer. Without it the connection is kept alive.
	Close bool
}

// encode returns the bytes of the answer to a request with the given method. Content-Length is added where a length
// is permitted and no field says how long the body is.
func (r Response) encode(method string) []byte {
	status := r.Status
	if status == 0 {
		status = http.StatusOK
	}
	noLength := status < 200 || status == http.StatusNoContent || status == http.StatusNotModified

	var b bytes.Buffer
	b.WriteString("HTTP/1.1 " + strconv.Itoa(status) + " " + http.StatusText(status) + "\r\n")
	framed := false
	for _, f := range r.Fields {
		framed = framed || strings.EqualFold(f.Name, "Content-Length") || strings.EqualFold(f.Name, "Transfer-Encoding")
		b.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	if !noLength && !framed {
		b.WriteString("Content-Length: " + strconv.Itoa(len(r.Body)) + "\r\n")
	}
	if r.Close {
		b.WriteString("Connection: close\r\n")
	}
	b.WriteString("\r\n")
	if !noLength && method != http.MethodHead {
		b.Write(r.Body)
	}
	return b.Bytes()
}
