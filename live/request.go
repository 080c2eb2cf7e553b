package live

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// request makes the request that net/http sends, with these header lines. The error says what of it net/http would refuse or
// change.
func (c *connection) request(sent *fetch.Sent, lines header.List) (*http.Request, error) {
	n, u := c.network, c.at.url
	if n.config.Request.Initiator == fetch.InitiatorWebTransport {
		return nil, errors.New("WebTransport needs HTTP/3, which is not spoken here")
	}
	host := u.Host
	if u.Port >= 0 {
		host = hostPort(u)
	}
	if !httpguts.ValidHostHeader(host) {
		return nil, fmt.Errorf("host %q: net/http cannot send it", brief(host))
	}
	target, err := c.target(host)
	if err != nil {
		return nil, err
	}
	req := &http.Request{Method: sent.Method, URL: target, Host: host, Header: http.Header{}, ProtoMajor: 1, ProtoMinor: 1}
	for _, field := range lines {
		if !httpguts.ValidHeaderFieldName(field.Name) || !httpguts.ValidHeaderFieldValue(field.Value) {
			return nil, fmt.Errorf("header %q: net/http cannot send a value with a control byte", brief(field.Name))
		}
		name := field.Name
		if header.EqualFold(name, header.UserAgent) {
			name = header.UserAgent // net/http looks for this spelling
		}
		req.Header[name] = append(req.Header[name], field.Value)
	}
	if carriesBody(sent, n.config.Request) {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(n.config.Body)), int64(len(n.config.Body))
		switch {
		case n.config.Request.Body == fetch.BodyStream:
			req.ContentLength = -1
		case req.ContentLength == 0:
			req.Body = http.NoBody
		}
	}
	return req, nil
}

// carriesBody reports whether a request carries the body: the one that it is made for, until a redirect turns it into GET.
func carriesBody(sent *fetch.Sent, r *fetch.Request) bool {
	return sent.Kind == fetch.KindRequest && r.Body != "" && r.Body != fetch.BodyNone && sent.Method != "GET" && sent.Method != "HEAD"
}

// target returns the URL by which net/http writes the request target as it stands: left to itself, it would escape and
// unescape by its own rules.
func (c *connection) target(host string) (*url.URL, error) {
	u := c.at.url
	want := u.RequestTarget()
	made := &url.URL{Scheme: u.Scheme, Host: host, Opaque: want}
	absolute := c.proxy != nil && u.Scheme == "http" && strings.HasPrefix(c.proxy.Scheme, "http")
	switch {
	case absolute:
		made.Opaque = "//" + host + want
		want = u.Scheme + "://" + host + want
	case strings.HasPrefix(want, "//"):
		made.Opaque, made.RawPath, made.RawQuery, made.ForceQuery = "", u.Path, u.Query, u.HasQuery
		made.Path, _ = url.PathUnescape(u.Path) // the outcome is looked at
	}
	if made.RequestURI() != want {
		return nil, fmt.Errorf("path %q: net/http cannot send it", brief(u.Path))
	}
	return made, nil
}

// shown is a URL as an error may show it: user info and query can be secrets.
func shown(u *weburl.URL) string {
	bare := weburl.URL{Scheme: u.Scheme, Host: u.Host, HasHost: true, Port: u.Port, Path: u.Path}
	return brief(bare.String())
}

// brief cuts a text that others wrote to what a line of an error can hold.
func brief(s string) string {
	const most = 200
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || 0x7f <= r && r < 0xa0 {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}
