package input

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// request is what curl would send.
func (c *curlCommand) request() (*wireRequest, error) {
	target, err := c.target()
	if err != nil {
		return nil, err
	}
	target = c.takeUser(target)
	w := &wireRequest{line: c.line, url: target, header: c.header.Clone()}
	body := c.hasData && !c.get
	if body && (c.multipart || c.head) || c.multipart && c.head {
		return nil, &Error{Line: c.line, Reason: "curl takes only one of --data, --form and --head"}
	}
	w.hasBody = body || c.multipart || c.hasUpload
	if body {
		w.body = c.data
	}
	switch {
	case c.method != "":
		w.method = c.method
	case c.head:
		w.method = "HEAD"
	case c.hasUpload:
		w.method = "PUT"
	case w.hasBody:
		w.method = "POST"
	default:
		w.method = "GET"
	}
	c.ownHeaders(w)
	if c.unknownBody {
		c.notes = append(c.notes, "What the body holds is not known: no file is read here.")
	}
	if c.cookieFile {
		c.notes = append(c.notes, "The cookies of -b are in a file, and no file is read here.")
	}
	if c.insecure && strings.HasPrefix(target, "https:") {
		c.notes = append(c.notes, "curl is told not to check the certificate; a browser checks it.")
	}
	return w, nil
}

// ownHeaders adds what curl makes of other options. A header of the same name that -H gives takes their place.
func (c *curlCommand) ownHeaders(w *wireRequest) {
	add := func(name, value string) {
		if value != "" && !c.named.Has(name) {
			w.header = append(w.header, header.Field{Name: name, Value: value})
		}
	}
	add(header.UserAgent, c.agent)
	add(header.Referer, c.referer)
	add(header.Cookie, strings.Join(c.cookies, "; "))
	if c.byteRange != "" {
		add(header.Range, "bytes="+c.byteRange)
	}
	if date, found := strings.CutPrefix(c.modified, "-"); found {
		add(header.IfUnmodifiedSince, date)
	} else {
		add(header.IfModifiedSince, date)
	}
	switch {
	case c.bearer != "":
		add(header.Authorization, "Bearer "+c.bearer)
	case c.hasUser:
		if !strings.Contains(c.user, ":") {
			c.user += ":" // curl would ask for the password
		}
		add(header.Authorization, "Basic "+base64.StdEncoding.EncodeToString([]byte(c.user)))
	}
	switch {
	case c.multipart && w.hasBody:
		// curl adds the boundary to a Content-Type that -H gives, too.
		if value, ok := w.header.Get(header.ContentType); !ok {
			add(header.ContentType, "multipart/form-data; boundary=unknown")
		} else if header.EqualFold(value, "multipart/form-data") {
			w.header.Set(header.ContentType, value+"; boundary=unknown")
		}
	case c.json:
		add(header.ContentType, "application/json")
		add(header.Accept, "application/json")
	case w.hasBody && !c.hasUpload:
		// The charset makes no difference to curl; with it, it is what URLSearchParams brings.
		add(header.ContentType, "application/x-www-form-urlencoded;charset=UTF-8")
	}
}

// target is the URL that curl asks for.
func (c *curlCommand) target() (string, error) {
	if c.url == "" {
		return "", &Error{Line: c.line, Reason: "the command has no URL"}
	}
	target := c.url
	if !c.globoff {
		var ok bool
		if target, ok = withoutGlobs(target); !ok {
			return "", &Error{Line: c.urlLine, Path: "--url", Value: showURL(c.url), Reason: "curl takes braces and brackets in a URL for a pattern: give one URL, or --globoff"}
		}
	}
	if !strings.Contains(target, "://") {
		target = c.scheme + "://" + target
	}
	if c.hasUpload {
		target = withFileName(target, c.upload)
	}
	query := c.query
	if c.get && c.hasData {
		query = append(query, string(c.data))
	}
	for _, q := range query {
		target = withQuery(target, q)
	}
	return target, nil
}

// withoutGlobs takes out the backslashes that keep curl from taking a bracket or brace for a pattern, and reports false
// when there is a pattern.
func withoutGlobs(target string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(target); i++ {
		switch target[i] {
		case '\\':
			if i+1 < len(target) && strings.IndexByte("[]{}", target[i+1]) >= 0 {
				i++
			}
		case '[':
			end := strings.IndexByte(target[i:], ']') + 1
			if end > 2 {
				if _, err := weburl.Parse("http://"+target[i:i+end], nil); err != nil {
					return "", false
				}
			} else if end == 0 {
				return "", false
			}
			b.WriteString(target[i : i+end]) // an IPv6 address, or nothing between the brackets
			i += end - 1
			continue
		case '{', '}', ']':
			return "", false
		}
		b.WriteByte(target[i])
	}
	return b.String(), true
}

// withFileName adds the name of the uploaded file to a URL whose path ends in a slash.
func withFileName(target, file string) string {
	u, err := weburl.Parse(target, nil)
	if err != nil || u.HasQuery || !strings.HasSuffix(u.Path, "/") || file == "-" || file == "." {
		return target
	}
	return strings.TrimSuffix(target, "/") + "/" + url.PathEscape(file[strings.LastIndexAny(file, `/\`)+1:])
}

// addQuery takes what --url-query gives: a plus stands before what is already encoded.
func (c *curlCommand) addQuery(value string) {
	query, isRaw := strings.CutPrefix(value, "+")
	if !isRaw {
		var fromFile bool
		if query, fromFile = urlEncoded(value); fromFile {
			c.notes = append(c.notes, "A part of the query is in a file, and no file is read here.")
		}
	}
	c.query = append(c.query, query)
}

// withQuery adds to the query of a URL.
func withQuery(target, query string) string {
	target, fragment, hasFragment := strings.Cut(target, "#")
	switch {
	case !strings.Contains(target, "?"):
		target += "?" + query
	case strings.HasSuffix(target, "?"):
		target += query
	default:
		target += "&" + query
	}
	if hasFragment {
		target += "#" + fragment
	}
	return target
}

// takeUser moves a user name in the URL to where curl sends it, as a script could; in a URL, fetch refuses it.
func (c *curlCommand) takeUser(target string) string {
	u, err := weburl.Parse(target, nil)
	if err != nil || !u.HasCredentials() {
		return target
	}
	if !c.hasUser {
		name, nameErr := url.PathUnescape(u.Username)
		password, passwordErr := url.PathUnescape(u.Password)
		if nameErr != nil || passwordErr != nil {
			return target
		}
		c.user, c.hasUser = name+":"+password, true
	}
	c.notes = append(c.notes, "The user name in the URL is read as an Authorization header, which is how curl sends it.")
	u.Username, u.Password = "", ""
	return u.String()
}
