package input

import (
	"slices"

	"github.com/concors/concors/cors/header"
)

// scriptHeaders returns those of a request's headers that a script set, of all that a browser sent. Some headers can be
// either's; what a preflight asks for (names in lower case) is the script's for certain. Otherwise those that browsers send
// themselves count as the browser's.
func scriptHeaders(sent header.List, asked []string) header.List {
	var out header.List
	for _, f := range sent {
		if slices.Contains(asked, header.Lower(f.Name)) || !isBrowserHeader(f) {
			out = append(out, f)
		}
	}
	return out
}

// isBrowserHeader reports whether a browser sends a header without being asked to. A script that sets it to something else
// than the default value would be told by a preflight, or it changes nothing.
func isBrowserHeader(f header.Field) bool {
	if header.IsForbiddenRequestName(f.Name) || isBrowserName(f.Name) || isVendorName(f.Name) || isConditionalName(f.Name) {
		return true
	}
	switch header.Lower(f.Name) {
	case "accept":
		return f.Value == "*/*"
	case "purpose":
		return true
	case "cache-control", "pragma":
		return f.Value == "no-cache" || f.Value == "max-age=0" // a reload, or developer tools with the cache switched off
	case "device-memory", "downlink", "dpr", "ect", "rtt", "save-data", "viewport-width", "width":
		return true // client hints that the server asked for
	}
	return false
}

// isBrowserName reports whether a browser sends the header with every request, though a script may set it too.
func isBrowserName(name string) bool {
	switch header.Lower(name) {
	case "accept-language", "priority", "upgrade-insecure-requests", "user-agent":
		return true
	}
	return false
}

// isVendorName reports whether a browser adds the header to some requests: Chrome to those for Google, Firefox to those
// that use an alternative service, https://www.rfc-editor.org/rfc/rfc7838#section-5.
func isVendorName(name string) bool {
	switch header.Lower(name) {
	case "alt-used", "x-client-data", "x-browser-channel", "x-browser-copyright", "x-browser-validation", "x-browser-year":
		return true
	}
	return false
}

// isConditionalName reports whether the header makes a request conditional.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-13.1
func isConditionalName(name string) bool {
	return header.EqualFold(name, header.IfNoneMatch) || header.EqualFold(name, header.IfModifiedSince)
}
