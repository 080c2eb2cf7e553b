package input

import (
	"slices"
	"strings"

	"github.com/dop251/goja/ast"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// call reads one call of fetch.
func (s *fetchScript) call(f fetchCall) (*Call, error) {
	at := s.offset(f.call.Idx0())
	c := &Call{Line: 1 + strings.Count(s.text[:at], "\n")}
	options, err := s.arguments(c, f.call, f.call.ArgumentList, f.scope)
	if err != nil {
		return nil, err
	}
	if isCopy(f.call.ArgumentList) {
		return c, s.fromCopy(c, options)
	}
	return c, nil
}

// arguments reads the URL and the options, which Request takes as fetch does.
func (s *fetchScript) arguments(c *Call, call ast.Expression, list []ast.Expression, scope *jsScope) (*jsObject, error) {
	for _, e := range list {
		if spread, ok := e.(*ast.SpreadElement); ok {
			return nil, s.fail(spread.Expression, "the arguments of fetch must be known from the text")
		}
	}
	if len(list) == 0 {
		return nil, s.fail(call, "fetch wants a URL")
	}
	input := s.reader.value(list[0], scope)
	if request, ok := input.(jsRequest); ok {
		if s.reader.depth++; s.reader.depth > maxNames {
			return nil, s.fail(list[0], "requests are made of one another")
		}
		_, err := s.arguments(c, list[0], request.arguments, scope)
		s.reader.depth--
		if err != nil {
			return nil, err
		}
	} else {
		target, err := s.known(input, list[0], "the URL")
		if err != nil {
			return nil, err
		}
		c.Request.URL = target
	}
	if len(list) < 2 {
		return &jsObject{}, nil
	}
	switch v := s.reader.value(list[1], scope).(type) {
	case *jsObject:
		return v, s.options(c, v)
	case jsUndefined, jsNull:
		return &jsObject{}, nil
	default:
		return nil, s.fail(cause(v, list[1]), "the options of fetch must be known from the text: put the object in its place")
	}
}

// options reads what the second argument says. The body comes last: whether its type counts hangs on the headers.
func (s *fetchScript) options(c *Call, o *jsObject) error {
	list := o.properties
	if i := slices.IndexFunc(list, func(p jsProperty) bool { return p.name == "body" }); i >= 0 {
		list = append(slices.Delete(slices.Clone(list), i, i+1), list[i])
	}
	for _, p := range list {
		if _, ok := p.value.(jsUnknown); ok && p.name == "" {
			return s.fail(cause(p.value, p.expr), "the options of fetch must be known from the text: put the object in its place")
		}
		if _, ok := p.value.(jsUndefined); ok {
			continue
		}
		if err := s.option(c, p); err != nil {
			return err
		}
	}
	return nil
}

// option reads one option. The browser has the last word on what a value may be.
//
// https://fetch.spec.whatwg.org/#requestinit
func (s *fetchScript) option(c *Call, p jsProperty) error {
	r := &c.Request
	value := func(to func(string)) error {
		v, err := s.known(p.value, p.expr, "the option "+p.name)
		if err == nil {
			to(given(v))
		}
		return err
	}
	switch p.name {
	case "method":
		return value(func(v string) { r.Method = v })
	case "mode":
		return value(func(v string) { r.Mode = fetch.Mode(v) })
	case "credentials":
		return value(func(v string) { r.Credentials = fetch.Credentials(v) })
	case "redirect":
		return value(func(v string) { r.Redirect = fetch.Redirect(v) })
	case "cache":
		return value(func(v string) { r.Cache = fetch.Cache(v) })
	case "headers":
		return s.headers(c, p)
	case "body":
		s.body(c, p)
	case "keepalive":
		switch truth(p.value) {
		case perhaps:
			return s.fail(cause(p.value, p.expr), "the option keepalive must be known from the text: put the value in its place")
		case yes:
			r.Keepalive = true
		case no:
			r.Keepalive = false
		}
	case "referrer":
		if page, ok := text(p.value); !ok {
			c.note("The option referrer is not known, and is left out.")
		} else if u, err := weburl.Parse(page, nil); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
			c.Page = page
		}
	case "referrerPolicy":
		if policy, ok := text(p.value); !ok || policy != "" && policy != string(fetch.StrictOriginWhenCrossOrigin) {
			c.note("The option referrerPolicy is left out.")
		}
	case "duplex", "integrity", "priority", "signal", "window":
	default:
		c.note("fetch has no option " + shortenLine(p.name) + ", and browsers ignore it.")
	}
	return nil
}

// headers reads the headers, in whatever form they are.
func (s *fetchScript) headers(c *Call, p jsProperty) error {
	lines, unknownName := headerLines(p.value, p.expr)
	if unknownName != nil {
		return s.fail(unknownName, "the names of headers must be known from the text: put them in its place")
	}
	c.Request.Header = nil
	for _, l := range lines {
		name, err := s.known(l.name, l.expr, "the name of a header")
		if err != nil {
			return err
		}
		v, ok := text(l.value)
		if !ok {
			v = unknown
			c.note("The value of the header " + shortenLine(name) + " is not known.")
		}
		c.Request.Header = append(c.Request.Header, header.Field{Name: name, Value: scriptValue(v)})
	}
	return nil
}

// body reads the kind of the body, and what it holds as far as it is known.
//
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
func (s *fetchScript) body(c *Call, p jsProperty) {
	r := &c.Request
	var data string
	known := true
	switch v := p.value.(type) {
	case jsNull:
		r.Body = ""
	case jsUnknown:
		r.Body, known = fetch.BodyText, false
		c.note("The body is taken for a string: what it is is not known.")
	case jsForm:
		r.Body, known = fetch.BodyMultipart, false
	case jsStream:
		r.Body, known = fetch.BodyStream, false
	case *jsSearchParams:
		r.Body, data, known = fetch.BodyURLEncoded, v.text, v.known
	case jsBytes:
		r.Body, data, known = fetch.BodyBytes, v.data, v.known
	case jsBlob:
		r.Body, data, known = fetch.BodyBytes, v.data, v.known
		s.blob(c, v)
	default:
		r.Body = fetch.BodyText
		data, known = text(v)
	}
	if !known {
		c.note("What the body holds is not known.")
	}
	c.Body, r.BodyLength = []byte(data), len(data)
	if data == "" {
		c.Body = nil
	}
}

// blob gives the request the Content-Type that a Blob brings, unless a header sets one.
func (s *fetchScript) blob(c *Call, v jsBlob) {
	r := &c.Request
	kind, ok := text(v.kind)
	switch {
	case !ok:
		r.Body = fetch.BodyJSONBlob
		c.note("The type of the Blob is not known, and taken for application/json.")
	case header.EqualFold(kind, "application/json"):
		r.Body = fetch.BodyJSONBlob
	case kind != "" && !r.Header.Has(header.ContentType):
		r.Header = append(r.Header, header.Field{Name: header.ContentType, Value: scriptValue(header.Lower(kind))})
	}
}

// isCopy reports whether the arguments are what a browser's "Copy as fetch" writes: a URL and, in JSON, options of which
// the method is always one. Copied for Node.js, it has no mode.
func isCopy(list []ast.Expression) bool {
	if len(list) != 2 {
		return false
	}
	_, isText := list[0].(*ast.StringLiteral)
	o, isObject := list[1].(*ast.ObjectLiteral)
	if !isText || !isObject {
		return false
	}
	var names []string
	for _, p := range o.Value {
		keyed, ok := p.(*ast.PropertyKeyed)
		if !ok {
			return false
		}
		key, ok := keyed.Key.(*ast.StringLiteral)
		if !ok || !strings.HasPrefix(key.Literal, `"`) {
			return false
		}
		names = append(names, key.Value.String())
	}
	browser := slices.Contains(names, "mode") && slices.Contains(names, "credentials")
	node := slices.Contains(names, "body") && slices.Contains(names, "headers")
	return slices.Contains(names, "method") && (browser || node)
}

// fromCopy takes out of a copied call what the browser added to its request.
func (s *fetchScript) fromCopy(c *Call, options *jsObject) error {
	written := c.Request
	w := &wireRequest{
		line: c.Line, url: written.URL, method: written.Method, header: written.Header, copied: true,
		body: c.Body, hasBody: written.Body != "",
	}
	if c.Page != "" {
		w.header = append(w.header, header.Field{Name: header.Referer, Value: c.Page})
	}
	fromWire, err := w.call()
	if err != nil {
		return err
	}
	notes := c.Notes
	*c = *fromWire
	if r := &c.Request; r.Mode == "" && scripted(r.Initiator) {
		r.Mode = written.Mode
	}
	c.Request.Keepalive, c.Request.Redirect, c.Request.Cache = written.Keepalive, written.Redirect, written.Cache
	if _, ok := options.get("credentials").(jsUndefined); !ok {
		c.Request.Credentials, c.Notes = written.Credentials, nil
		if w.header.Has(header.Authorization) && written.Credentials == fetch.CredentialsInclude {
			c.note("The copy says include because of the Authorization header: the script may have asked for less.")
		}
	}
	for _, sentence := range notes {
		c.note(sentence)
	}
	return nil
}
