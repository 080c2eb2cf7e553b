package devproxy

import (
	"net/http"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// Addresses turn URLs of the API into those of the proxy.
type addresses struct {
	api, self origin.Origin
	target    string // of the request: what relative URLs are relative to
}

// rewrite returns a URL of a response's header as it has to be for a browser that asked the proxy, and the URL itself where
// that leads to another host. What is relative, and what is no URL, stays as it is.
func (a *addresses) rewrite(text string) (rewritten string, elsewhere *weburl.URL) {
	there, err := a.resolve(a.api, text)
	if err != nil {
		return text, nil
	}
	if here, err := a.resolve(a.self, text); err == nil && origin.SameOrigin(origin.Of(here), a.self) {
		return text, nil
	}
	if !origin.SameOrigin(origin.Of(there), a.api) {
		return there.String(), there // without a scheme it would take the proxy's
	}
	moved := *there
	moved.Scheme, moved.Host, moved.Port = a.self.Scheme(), a.self.Host(), -1
	if port, ok := a.self.Port(); ok {
		moved.Port = port
	}
	return moved.String(), nil
}

func (a *addresses) resolve(base origin.Origin, text string) (*weburl.URL, error) {
	u, err := weburl.Parse(base.String()+a.target, nil)
	if err != nil {
		return nil, err
	}
	return weburl.Parse(text, u)
}

// rewriteHeader rewrites the URLs in the header of a response. It returns where a redirect leads, if that is another host.
func (a *addresses) rewriteHeader(h http.Header) (elsewhere *weburl.URL) {
	for i, value := range h[header.Location] {
		h[header.Location][i], elsewhere = a.rewrite(value)
	}
	for i, value := range h[header.ContentLocation] {
		h[header.ContentLocation][i], _ = a.rewrite(value)
	}
	for i, value := range h["Refresh"] {
		h["Refresh"][i] = a.rewriteRefresh(value)
	}
	for i, value := range h["Link"] {
		h["Link"][i] = a.rewriteLink(value)
	}
	return elsewhere
}

// rewriteRefresh rewrites the URL behind the seconds of a Refresh header, between quotes or not.
//
// https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps
func (a *addresses) rewriteRefresh(value string) string {
	start := strings.IndexAny(value, ";,")
	if start < 0 {
		return value
	}
	rest := value[start+1:]
	skip := len(rest) - len(strings.TrimLeft(rest, " \t"))
	if len(rest) >= skip+len("url") && strings.EqualFold(rest[skip:skip+len("url")], "url") {
		if after := strings.TrimLeft(rest[skip+len("url"):], " \t"); strings.HasPrefix(after, "=") {
			skip = len(rest) - len(strings.TrimLeft(after[1:], " \t"))
		}
	}
	text, tail := rest[skip:], ""
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		end := strings.IndexByte(text[1:], text[0])
		if end < 0 {
			end = len(text) - 1
		}
		skip++
		text, tail = text[1:1+end], text[1+end:]
	}
	rewritten, _ := a.rewrite(text)
	return value[:start+1] + rest[:skip] + rewritten + tail
}

// rewriteLink rewrites the URLs of a Link header, which stand in angle brackets; parameters can be quoted.
//
// https://www.rfc-editor.org/rfc/rfc8288#section-3
func (a *addresses) rewriteLink(value string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(value); i++ {
		c := value[i]
		b.WriteByte(c)
		switch {
		case c == '\\' && quoted && i+1 < len(value):
			i++
			b.WriteByte(value[i])
		case c == '"':
			quoted = !quoted
		case c == '<' && !quoted:
			end := strings.IndexByte(value[i:], '>')
			if end < 0 {
				b.WriteString(value[i+1:])
				return b.String()
			}
			rewritten, _ := a.rewrite(value[i+1 : i+end])
			b.WriteString(rewritten)
			i += end - 1
		}
	}
	return b.String()
}
