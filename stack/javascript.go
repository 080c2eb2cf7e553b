package stack

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/report"
)

// JavaScriptString is a text as a string literal of JavaScript. It is for values of a policy, which are printable ASCII.
func JavaScriptString(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// JavaScriptStrings is an array of string literals, on one line.
func JavaScriptStrings(texts []string) string {
	var items []string
	for _, t := range texts {
		items = append(items, JavaScriptString(t))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// JavaScriptKey is the name of a policy before the colon of an object literal.
func JavaScriptKey(name string) string {
	switch {
	case name == "__proto__": // which would set the prototype, even in quotes
		return "['__proto__']"
	case isIdentifier(name):
		return name
	}
	return JavaScriptString(name)
}

// JavaScriptProperty is what stands behind an object to get at its property of a policy's name.
func JavaScriptProperty(name string) string {
	if isIdentifier(name) {
		return "." + name
	}
	return "[" + JavaScriptString(name) + "]"
}

// isIdentifier reports whether the name of a policy needs no quotes.
func isIdentifier(s string) bool {
	return strings.Trim(header.Lower(s), "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && s != "" && (s[0] < '0' || s[0] > '9')
}

// RefuseNodeMethods is RefuseMethods for what runs on Node.js.
func (s *Stack) RefuseNodeMethods(site *Site) []report.Finding {
	return s.RefuseMethods(site, nodeTakesMethod, "name one of http.METHODS; Node.js answers others with 400")
}

// nodeTakesMethod reports whether the HTTP parser of Node.js reads a method; it answers any other with 400.
//
// https://nodejs.org/api/http.html#httpmethods
func nodeTakesMethod(m string) bool {
	return slices.Contains([]string{
		"ACL", "BIND", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET", "HEAD", "LINK", "LOCK", "M-SEARCH", "MERGE", "MKACTIVITY",
		"MKCALENDAR", "MKCOL", "MOVE", "NOTIFY", "OPTIONS", "PATCH", "POST", "PROPFIND", "PROPPATCH", "PURGE", "PUT", "QUERY", "REBIND",
		"REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "TRACE", "UNBIND", "UNLINK", "UNLOCK", "UNSUBSCRIBE",
	}, m)
}
