package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// A call is a request as the page's script makes it.
type call struct {
	Initiator   string      `json:"initiator"`
	URL         string      `json:"url"`
	CrossOrigin string      `json:"crossOrigin,omitempty"` // of an img
	Init        requestInit `json:"init,omitzero"`         // of fetch()
}

// requestInit is the second argument of fetch().
type requestInit struct {
	Method      string            `json:"method,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Mode        fetch.Mode        `json:"mode,omitempty"`
	Credentials fetch.Credentials `json:"credentials,omitempty"`
}

// callOf is a request as the page's script makes it.
func callOf(r *fetch.Request) call {
	if r.Initiator == fetch.InitiatorImage {
		c := call{Initiator: "img", URL: r.URL}
		switch {
		case r.Mode != fetch.ModeCORS:
		case r.Credentials == fetch.CredentialsInclude:
			c.CrossOrigin = "use-credentials"
		default:
			c.CrossOrigin = "anonymous"
		}
		return c
	}
	c := call{Initiator: "fetch", URL: r.URL, Init: requestInit{Method: r.Method, Mode: r.Mode, Credentials: r.Credentials}}
	for _, field := range r.Header {
		if c.Init.Headers == nil {
			c.Init.Headers = map[string]string{}
		}
		c.Init.Headers[field.Name] = field.Value
	}
	return c
}

// calls is a list of requests in JSON.
func calls(requests []fetch.Request) (string, error) {
	list := make([]call, 0, len(requests))
	for i := range requests {
		list = append(list, callOf(&requests[i]))
	}
	data, err := json.Marshal(list)
	return string(data), err
}

// source is a list of requests as one writes them, a line each.
func source(requests []fetch.Request) string {
	var lines []string
	for i := range requests {
		lines = append(lines, callOf(&requests[i]).String())
	}
	return strings.Join(lines, "\n")
}

// String is the call in HTML or JavaScript.
func (c call) String() string {
	if c.Initiator == "img" {
		if c.CrossOrigin == "" {
			return fmt.Sprintf(`<img src="%s">`, html.EscapeString(c.URL))
		}
		return fmt.Sprintf(`<img crossorigin="%s" src="%s">`, c.CrossOrigin, html.EscapeString(c.URL))
	}
	var options []string
	add := func(name string, value any) { options = append(options, name+": "+literal(value)) }
	if c.Init.Method != "" {
		add("method", c.Init.Method)
	}
	if c.Init.Headers != nil {
		add("headers", c.Init.Headers)
	}
	if c.Init.Mode != "" {
		add("mode", c.Init.Mode)
	}
	if c.Init.Credentials != "" {
		add("credentials", c.Init.Credentials)
	}
	if options == nil {
		return "fetch(" + literal(c.URL) + ")"
	}
	return "fetch(" + literal(c.URL) + ", { " + strings.Join(options, ", ") + " })"
}

// literal is a string, or a map of strings, in JavaScript.
func literal(value any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic("concors: internal error: " + err.Error())
	}
	return strings.TrimSpace(b.String())
}
