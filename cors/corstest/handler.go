// Package corstest lets the browsers of package fetch talk to an [http.Handler], so that a test can ask what a page would get
// from it, without a socket and without a browser.
package corstest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// Handler returns a [fetch.Network] on which h answers every request, whatever its host. The network may be used
// concurrently if h may. A handler that panics with [http.ErrAbortHandler] resets the connection, as on a server; any other
// panic is passed on.
func Handler(h http.Handler) fetch.Network { return handler{h} }

type handler struct{ http.Handler }

// Do has the handler answer. The error says that the request is not one that net/http can make.
func (h handler) Do(sent *fetch.Sent) (fetch.Response, error) {
	req, err := http.NewRequest(sent.Method, sent.URL, http.NoBody)
	if err != nil {
		return fetch.Response{}, fmt.Errorf("make a request for the handler: %w", err)
	}
	req.RequestURI = req.URL.RequestURI()
	req.RemoteAddr = "192.0.2.1:1234"
	if req.URL.Scheme == "https" {
		req.TLS = &tls.ConnectionState{HandshakeComplete: true, ServerName: req.URL.Hostname()}
	}
	for _, field := range sent.Header {
		req.Header.Add(field.Name, field.Value)
	}
	if sent.BodyType != "" {
		req.Header.Set(header.ContentType, sent.BodyType)
	}
	recorder := httptest.NewRecorder()
	if h.aborts(recorder, req) {
		return fetch.Response{Error: fetch.ErrorReset}, nil
	}
	res := recorder.Result()
	return fetch.Response{Status: res.StatusCode, Header: fields(res.Header)}, nil
}

// aborts runs the handler and reports whether it gave the request up.
func (h handler) aborts(w http.ResponseWriter, req *http.Request) (aborted bool) {
	defer func() {
		switch p := recover(); {
		case p == nil:
		case isAbort(p):
			aborted = true
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, req)
	return false
}

func isAbort(p any) bool {
	err, ok := p.(error)
	return ok && errors.Is(err, http.ErrAbortHandler)
}

// fields lists a response's headers, sorted by name as net/http writes them, each value a line of its own. White space around
// a value is no part of it.
func fields(h http.Header) header.List {
	var list header.List
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			list.Append(name, strings.Trim(value, " \t"))
		}
	}
	return list
}
