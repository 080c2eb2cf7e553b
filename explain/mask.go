package explain

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/secrets"
)

// mask stands for a secret.
const mask = secrets.Mask

// masked returns the trace, or a copy in which secrets are masked. What was decided is not touched.
func masked(t *fetch.Trace, showSecrets bool) *fetch.Trace {
	if showSecrets {
		return t
	}
	return Mask(t)
}

// Mask returns a copy of a trace in which the values of Authorization, Cookie, Set-Cookie, and of headers and query
// parameters that look like tokens, are masked wherever they stand. The trace itself is not changed.
func Mask(t *fetch.Trace) *fetch.Trace {
	m := new(masker)
	c := *t
	if t.Request != nil {
		r := *t.Request
		r.URL, r.Header = m.url(r.URL), m.headers(r.Header)
		if r.Stored != nil {
			r.Stored = m.response(*r.Stored)
		}
		c.Request = &r
	}
	c.Sent = slices.Clone(t.Sent)
	for i := range c.Sent {
		s := &c.Sent[i]
		s.URL, s.Header, s.Response = m.url(s.URL), m.headers(s.Header), *m.response(s.Response)
	}
	if t.Response != nil {
		r := *t.Response
		r.URL, r.Header = m.url(r.URL), m.headers(r.Header)
		c.Response = &r
	}
	if t.Failure != nil {
		f := *t.Failure
		f.URL = m.url(f.URL)
		f.Got, f.Want = m.value(f.Header, f.Got), m.value(f.Header, f.Want)
		c.Failure = &f
	}
	c.Steps = slices.Clone(t.Steps)
	for i := range c.Steps {
		s := &c.Steps[i]
		s.What, s.Got, s.Want = m.text(s.What), m.text(s.Got), m.text(s.Want)
	}
	return &c
}

// A masker masks the values of one trace, and remembers them to find them again in text.
type masker struct {
	secrets []string
}

func (m *masker) remember(secret string) {
	const most = 100 // a bound for hostile input; what a trace repeats is among its first secrets
	if secret != "" && secret != mask && len(m.secrets) < most && !slices.Contains(m.secrets, secret) {
		m.secrets = append(m.secrets, secret)
	}
}

func (m *masker) headers(list header.List) header.List {
	out := list.Clone()
	for i := range out {
		out[i].Value = m.header(out[i].Name, out[i].Value)
	}
	return out
}

func (m *masker) response(r fetch.Response) *fetch.Response {
	r.Header = m.headers(r.Header)
	return &r
}

// value masks what a failure says about a header, or about something else.
func (m *masker) value(name, value string) string {
	if name == "" {
		return m.text(value)
	}
	return m.text(m.header(name, value))
}

// header masks a header's value, when its name or the value itself says that it is a secret. The scheme of a credential
// and the attributes of a cookie stay.
func (m *masker) header(name, value string) string {
	switch lower := header.Lower(name); {
	case value == "":
		return value
	case lower == "authorization", lower == "proxy-authorization":
		scheme, secret, found := strings.Cut(value, " ")
		if !found || !secrets.IsScheme(scheme) {
			m.remember(value)
			return mask
		}
		m.remember(value)
		m.remember(secret)
		return scheme + " " + mask
	case lower == "set-cookie":
		pair, rest, attributes := strings.Cut(value, ";")
		cookie, secret, _ := strings.Cut(pair, "=")
		m.remember(secret)
		masked := cookie + "=" + mask
		if attributes {
			masked += ";" + rest
		}
		return masked
	case lower == "cookie", lower == "cookie2", lower == "set-cookie2":
		m.remember(value)
		return mask
	case lower == "location", lower == "content-location", lower == "referer", lower == "link", lower == "refresh":
		return m.url(value)
	case secrets.IsProtocolHeader(lower):
		return value
	case secrets.IsName(name), secrets.LooksLikeToken(value):
		m.remember(value)
		return mask
	}
	return value
}

// url masks a password in a URL and the values in its query and fragment that are secrets. The URL need not parse.
func (m *masker) url(raw string) string {
	raw = m.userInfo(raw)
	start := strings.IndexAny(raw, "?#")
	if start < 0 {
		return raw
	}
	var b strings.Builder
	b.WriteString(raw[:start])
	for rest := raw[start:]; rest != ""; {
		b.WriteByte(rest[0]) // ? # & or ;
		rest = rest[1:]
		end := strings.IndexAny(rest, "?#&;")
		if end < 0 {
			end = len(rest)
		}
		b.WriteString(m.parameter(rest[:end]))
		rest = rest[end:]
	}
	return b.String()
}

func (m *masker) parameter(pair string) string {
	name, value, found := strings.Cut(pair, "=")
	switch {
	case !found && secrets.LooksLikeToken(pair):
		m.remember(pair)
		return mask
	case found && value != "" && (secrets.IsName(name) || secrets.LooksLikeToken(value)):
		m.remember(value)
		return name + "=" + mask
	}
	return pair
}

// userInfo masks the password before the host of a URL.
func (m *masker) userInfo(raw string) string {
	_, authority, found := strings.Cut(raw, "//")
	if !found {
		return raw
	}
	before := raw[:len(raw)-len(authority)]
	if end := strings.IndexAny(authority, `/?#\`); end >= 0 {
		authority = authority[:end]
	}
	after := raw[len(before)+len(authority):]
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return raw
	}
	user, password, found := strings.Cut(authority[:at], ":")
	if !found || password == "" {
		return raw
	}
	m.remember(password)
	return before + user + ":" + mask + authority[at:] + after
}

// text masks what is a secret of the trace wherever it stands in a text, and URLs in it. A short secret is masked only
// where it is the whole text: it could be a part of any word.
func (m *masker) text(s string) string {
	const long = 6
	for _, secret := range m.secrets {
		switch {
		case s == secret:
			return mask
		case len(secret) >= long:
			s = strings.ReplaceAll(s, secret, mask)
		}
	}
	if !strings.ContainsAny(s, "?#@") {
		return s
	}
	const quotes = `'"‘’“”`
	words := strings.Split(s, " ")
	for i, word := range words {
		left := strings.TrimLeft(word, quotes)
		url := strings.TrimRight(left, quotes)
		words[i] = word[:len(word)-len(left)] + m.url(url) + left[len(url):]
	}
	return strings.Join(words, " ")
}

func maskURL(raw string) string { return new(masker).url(raw) }
