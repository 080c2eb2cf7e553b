package input

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// construct evaluates new X(...) for the classes of the platform that make parts of a request.
func (r *jsReader) construct(n *ast.NewExpression, scope *jsScope) jsValue {
	class, ok := unwrap(n.Callee).(*ast.Identifier)
	if !ok || scope.lookup(class.Name.String()) != nil {
		return jsUnknown{n}
	}
	argument := func(i int) jsValue {
		if i >= len(n.ArgumentList) {
			return jsUndefined{}
		}
		return r.value(n.ArgumentList[i], scope)
	}
	switch class.Name.String() {
	case "URL":
		return r.newURL(n, argument(0), argument(1))
	case "Headers":
		lines, unknown := headerLines(argument(0), n)
		if unknown != nil {
			return jsUnknown{unknown}
		}
		return &jsHeaders{lines}
	case "URLSearchParams":
		return searchParams(argument(0))
	case "FormData":
		return jsForm{}
	case "Blob", "File":
		return r.newBlob(argument(0), argument(len(n.ArgumentList)-1), n)
	case "Uint8Array", "Int8Array", "Uint8ClampedArray":
		return newBytes(argument(0))
	case "ArrayBuffer", "BigInt64Array", "BigUint64Array", "DataView", "Float16Array", "Float32Array", "Float64Array", "Int16Array",
		"Int32Array", "Uint16Array", "Uint32Array":
		return jsBytes{}
	case "ReadableStream":
		return jsStream{}
	case "TextEncoder":
		return jsEncoder{}
	case "Request":
		return jsRequest{n.ArgumentList}
	}
	return jsUnknown{n}
}

// newURL parses a URL. One that does not parse throws in a browser, so that nothing is fetched.
func (r *jsReader) newURL(n ast.Expression, input, base jsValue) jsValue {
	s, ok := text(input)
	if !ok {
		return jsUnknown{cause(input, n)}
	}
	var from *weburl.URL
	if _, none := base.(jsUndefined); !none {
		b, ok := text(base)
		if !ok {
			return jsUnknown{cause(base, n)}
		}
		var err error
		if from, err = weburl.Parse(b, nil); err != nil {
			return jsUnknown{n}
		}
	}
	u, err := weburl.Parse(s, from)
	if err != nil {
		return jsUnknown{n}
	}
	return &jsURL{u}
}

// part returns a property of a URL.
//
// https://url.spec.whatwg.org/#url-class
func (u *jsURL) part(name string) (string, bool) {
	switch name {
	case "href":
		return u.url.String(), true
	case "protocol":
		return u.url.Scheme + ":", true
	case "pathname":
		return u.url.Path, true
	case "search":
		if u.url.Query == "" {
			return "", true
		}
		return "?" + u.url.Query, true
	}
	return "", false
}

// headerLines reads what Headers can be made of; of a name that is not known, it returns the expression.
//
// https://fetch.spec.whatwg.org/#concept-headers-fill
func headerLines(v jsValue, e ast.Expression) (lines []jsLine, unknown ast.Expression) {
	switch v := v.(type) {
	case jsUndefined, jsNull:
		return nil, nil
	case *jsHeaders:
		return v.lines, nil
	case *jsObject:
		for _, p := range v.properties {
			if u, ok := p.value.(jsUnknown); ok && p.name == "" {
				return nil, cause(u, p.expr)
			}
			lines = append(lines, jsLine{jsString(p.name), p.value, p.expr})
		}
		return lines, nil
	case *jsArray:
		for _, pair := range v.elements {
			p, ok := pair.(*jsArray)
			if !ok || len(p.elements) != 2 {
				return nil, cause(pair, e)
			}
			if _, ok := text(p.elements[0]); !ok {
				return nil, cause(p.elements[0], e)
			}
			lines = append(lines, jsLine{p.elements[0], p.elements[1], e})
		}
		return lines, nil
	}
	return nil, cause(v, e)
}

// searchParams is what URLSearchParams makes of its argument.
//
// https://url.spec.whatwg.org/#urlsearchparams-initialize
func searchParams(v jsValue) *jsSearchParams {
	p := &jsSearchParams{known: true}
	switch v := v.(type) {
	case jsUndefined:
	case jsString:
		p.text = strings.TrimPrefix(string(v), "?")
	case *jsObject, *jsArray:
		lines, unknown := headerLines(v, nil)
		p.known = unknown == nil
		for _, l := range lines {
			p.append(l.name, l.value)
		}
	default:
		p.known = false
	}
	return p
}

func (p *jsSearchParams) append(name, value jsValue) {
	n, nameKnown := text(name)
	v, valueKnown := text(value)
	if p.known = p.known && nameKnown && valueKnown && len(p.text)+len(n)+len(v) <= MaxCall; !p.known {
		p.text = ""
		return
	}
	if p.text != "" {
		p.text += "&"
	}
	p.text += formEncode(n) + "=" + formEncode(v)
}

// newBlob reads the parts and the type of a Blob. A file's name stands between them.
func (r *jsReader) newBlob(parts, options jsValue, n ast.Expression) jsValue {
	b := jsBlob{kind: jsString(""), known: true}
	if o, ok := options.(*jsObject); ok {
		if kind := o.get("type"); kind != (jsUndefined{}) {
			b.kind = kind
		}
	} else if u, ok := options.(jsUnknown); ok && len(n.(*ast.NewExpression).ArgumentList) > 1 {
		b.kind = u
	}
	list, ok := parts.(*jsArray)
	if !ok {
		b.known = false
		return b
	}
	joined, ok := r.join(list.elements, n).(jsString)
	b.data, b.known = string(joined), ok
	return b
}

// newBytes is an array of bytes. Made of a number, it has as many zeros.
func newBytes(v jsValue) jsValue {
	list, ok := v.(*jsArray)
	if !ok {
		return jsBytes{}
	}
	data := make([]byte, len(list.elements))
	for i, e := range list.elements {
		f, ok := e.(jsNumber)
		if !ok || f < 0 || f > 255 {
			return jsBytes{}
		}
		data[i] = byte(f)
	}
	return jsBytes{string(data), true}
}

// call evaluates the calls that turn literals into literals.
func (r *jsReader) call(n *ast.CallExpression, scope *jsScope) jsValue {
	argument := func(i int) jsValue {
		if i >= len(n.ArgumentList) {
			return jsUndefined{}
		}
		return r.value(n.ArgumentList[i], scope)
	}
	switch callee := unwrap(n.Callee).(type) {
	case *ast.Identifier:
		s, known := "", false
		switch name := callee.Name.String(); {
		case scope.lookup(name) != nil:
		case name == "String", name == "encodeURIComponent", name == "encodeURI", name == "btoa":
			v := argument(0)
			if s, known = text(v); !known {
				return jsText{cause(v, n)}
			}
			switch name {
			case "encodeURIComponent":
				s = encode(s, "!'()*")
			case "encodeURI":
				s = encode(s, "!'()*;/?:@&=+$,#")
			case "btoa":
				raw, beyond := latin1(s)
				if beyond != 0 {
					return jsUnknown{n}
				}
				s = base64.StdEncoding.EncodeToString([]byte(raw))
			}
			return jsString(s)
		}
	case *ast.DotExpression:
		method := callee.Identifier.Name.String()
		switch {
		case isName(callee.Left, "JSON") && method == "stringify":
			return r.stringify(n, scope)
		case isName(callee.Left, "Object") && method == "assign":
			return r.assign(n, scope)
		case method == "toString" && len(n.ArgumentList) == 0:
			v := r.value(callee.Left, scope)
			if s, ok := text(v); ok {
				return jsString(s)
			}
			return jsText{cause(v, n)}
		case method == "encode":
			if _, ok := r.value(callee.Left, scope).(jsEncoder); ok {
				s, known := text(argument(0))
				return jsBytes{s, known}
			}
		}
	}
	return jsUnknown{n}
}

// encode percent-encodes all but letters, digits, -_.~ and what is given.
//
// https://tc39.es/ecma262/#sec-encode
func encode(s, keep string) string {
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(keep, s[i]) >= 0 {
			b.WriteByte(s[i])
			continue
		}
		b.WriteString(strings.ReplaceAll(url.QueryEscape(s[i:i+1]), "+", "%20"))
	}
	return b.String()
}

// stringify is JSON.stringify, for what is all literal; of anything else it makes a string that is not known.
//
// https://tc39.es/ecma262/#sec-json.stringify
func (r *jsReader) stringify(n *ast.CallExpression, scope *jsScope) jsValue {
	if len(n.ArgumentList) != 1 {
		return jsText{n}
	}
	v := r.value(n.ArgumentList[0], scope)
	if _, ok := v.(jsUndefined); ok {
		return v
	}
	s, ok := appendJSON(nil, v, 0)
	if !ok {
		return jsText{n}
	}
	return jsString(s)
}

// appendJSON writes a value in JSON, and reports false when it is not known or has no form in it that is plain here.
func appendJSON(b []byte, v jsValue, depth int) ([]byte, bool) {
	if depth > maxBrackets || len(b) > MaxCall {
		return b, false
	}
	ok := true
	switch v := v.(type) {
	case jsString:
		return appendJSONString(b, string(v)), true
	case jsNumber, jsBool, jsNull:
		s, _ := text(v)
		return append(b, s...), !strings.Contains(s, "N") && !strings.Contains(s, "I") // NaN and Infinity are null
	case *jsObject:
		b = append(b, '{')
		for _, p := range v.properties {
			if _, undefined := p.value.(jsUndefined); undefined {
				continue
			}
			if b[len(b)-1] != '{' {
				b = append(b, ',')
			}
			b = append(appendJSONString(b, p.name), ':')
			if b, ok = appendJSON(b, p.value, depth+1); !ok {
				return b, false
			}
		}
		return append(b, '}'), true
	case *jsArray:
		b = append(b, '[')
		for i, e := range v.elements {
			if i > 0 {
				b = append(b, ',')
			}
			if _, undefined := e.(jsUndefined); undefined {
				e = jsNull{}
			}
			if b, ok = appendJSON(b, e, depth+1); !ok {
				return b, false
			}
		}
		return append(b, ']'), true
	case *jsURL:
		return appendJSONString(b, v.url.String()), true
	}
	return b, false
}

// appendJSONString writes a string as JSON.stringify does, which escapes less than encoding/json.
func appendJSONString(b []byte, s string) []byte {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(s) != nil {
		panic("concors: internal error: a string that JSON cannot write")
	}
	plain := strings.NewReplacer(`\u2028`, "\u2028", `\u2029`, "\u2029", `\\`, `\\`).Replace(strings.TrimSuffix(out.String(), "\n"))
	return append(b, plain...)
}

// assign is Object.assign.
func (r *jsReader) assign(n *ast.CallExpression, scope *jsScope) jsValue {
	o := &jsObject{}
	for _, e := range n.ArgumentList {
		if s, ok := e.(*ast.SpreadElement); ok {
			return jsUnknown{s.Expression}
		}
		r.spread(o, e, scope)
	}
	return o
}

// apply makes a change to a value, and reports false when it cannot be told what it makes of it.
func (r *jsReader) apply(v jsValue, c jsChange) bool {
	if c.method != "" && len(c.args) == 0 {
		return false
	}
	for len(c.path) > 0 && (len(c.path) > 1 || c.method != "") {
		name, ok := r.key(c.path[0], c.scope)
		if !ok {
			return false
		}
		if u, isURL := v.(*jsURL); isURL && name == "searchParams" && len(c.path) == 1 {
			return r.applyQuery(u, c)
		}
		o, ok := v.(*jsObject)
		if !ok {
			return false
		}
		v, c.path = o.get(name), c.path[1:]
	}
	if c.method != "" {
		return r.applyMethod(v, c)
	}
	name, ok := r.key(c.path[0], c.scope)
	o, isObject := v.(*jsObject)
	if !ok || !isObject || len(c.args) != 1 {
		return false
	}
	o.set(jsProperty{name, r.value(c.args[0], c.scope), c.args[0]})
	return true
}

func (r *jsReader) key(k jsKey, scope *jsScope) (string, bool) {
	if k.expr == nil {
		return k.name, true
	}
	return text(r.value(k.expr, scope))
}

// applyMethod calls append, set or delete.
func (r *jsReader) applyMethod(v jsValue, c jsChange) bool {
	values := make([]jsValue, 2)
	for i := range values {
		values[i] = jsUndefined{}
		if i < len(c.args) {
			values[i] = r.value(c.args[i], c.scope)
		}
	}
	name, known := text(values[0])
	switch v := v.(type) {
	case jsForm:
		return true
	case *jsSearchParams:
		if c.method != "append" {
			v.known = false
		}
		v.append(values[0], values[1])
		return true
	case *jsHeaders:
		if !known || c.method == "?" {
			return false
		}
		same := func(l jsLine) bool {
			other, _ := text(l.name)
			return header.EqualFold(other, name)
		}
		if c.method != "append" {
			v.lines = slices.DeleteFunc(slices.Clone(v.lines), same)
		}
		if c.method != "delete" {
			v.lines = append(slices.Clip(v.lines), jsLine{values[0], values[1], c.args[len(c.args)-1]})
		}
		return true
	}
	return false
}

// applyQuery adds to the query of a URL by its searchParams.
func (r *jsReader) applyQuery(u *jsURL, c jsChange) bool {
	p := &jsSearchParams{text: u.url.Query, known: true}
	name, _ := text(r.value(c.args[0], c.scope))
	if c.method == "set" {
		if pairs, err := url.ParseQuery(u.url.Query); err != nil || pairs.Has(name) {
			return false
		}
		c.method = "append"
	}
	if c.method != "append" || !r.applyMethod(p, c) || !p.known {
		return false
	}
	u.url.Query, u.url.HasQuery = p.text, p.text != ""
	return true
}
