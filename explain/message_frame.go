package explain

import "strings"

// frameForms are the ways in which a frame is written, today's first; nil for what is no frame. The reason that stands in
// a frame counts without it too.
func frameForms(name string) []string {
	switch name {
	case "{C}":
		return []string{
			chromiumAccess,
			"Access blocked by CORS policy: ", // DevTools, panel Issues
			// Until version 77: third_party/blink/renderer/platform/loader/cors/cors_error_string.cc and its forerunner
			// third_party/WebKit/Source/core/fetch/CrossOriginAccessControl.cpp.
			"Redirect from '{initial}' to '{url}' has been blocked by CORS policy: ",
			"Redirect at origin '{url origin}' has been blocked from loading by Cross-Origin Resource Sharing policy: ",
			"{kind} from origin '{url origin}' has been blocked from loading by Cross-Origin Resource Sharing policy: ",
			"{api} cannot load {url}. ",
			"Failed to load {url}: ",
		}
	case "{redirected}":
		return []string{chromiumRedirected}
	case "{P}":
		return []string{chromiumOnPreflight}
	case "{fetch only}":
		return []string{chromiumHint}
	case "{XHR only}":
		return []string{chromiumXHRHint}
	case "{denied}": // until version 77
		return []string{" Origin '{origin}' is therefore not allowed access."}
	case "{with status}": // until version 77
		return []string{" The response had HTTP status code {status}."}
	case "{throws}":
		return []string{
			chromiumThrowsFetch, chromiumThrowsOpen, chromiumRefusesOpen,
			"Failed to execute 'fetch' on '{scope}': ", "Failed to construct 'Request': ", "Failed to execute 'open' on 'XMLHttpRequest': ",
		}
	case "{C load}":
		return []string{chromiumLoad, "{request method} {url} "}
	case "{F}":
		return []string{about("'{url}'", firefoxBlocked), firefoxBlocked, "Reason: "}
	case "{F end}", "{F status}", "{F null}":
		return []string{firefoxStatus, firefoxEnd, ")"}
	case "{F throws}":
		return []string{firefoxRejected}
	case "{W throws}":
		return []string{webkitRejected}
	case "{W load}":
		return []string{webkitLoad}
	case "{W status}":
		return []string{webkitStatus}
	case "{W served}":
		return []string{webkitOverHTTPS}
	case "{redirect}", "{W redirection}":
		return []string{webkitRedirection}
	}
	return nil
}

// withTails adds the sentences that once followed Chromium's reasons to a template of one.
func withTails(template string) string {
	if !strings.HasPrefix(template, "{C}") {
		return template
	}
	end := len(template)
	for _, hint := range []string{"{fetch only}", "{XHR only}"} {
		if i := strings.Index(template, hint); i >= 0 {
			end = i
		}
	}
	return template[:end] + "{denied}{with status}" + template[end:]
}

// placeholder is what can stand for a placeholder, as a regular expression.
func placeholder(name string) string {
	switch name {
	case "{url}", "{url without user}", "{url origin}", "{initial}", "{target}", "{location resolved}":
		return `[A-Za-z][\w+.\-]*:\S*?`
	case "{value}", "{token}", "{directive}", "{schemes}", "{essence}", "{location}", "{target without user}":
		return `[^\n]*?`
	case "{status}":
		return `[1-9]\d\d|\(null\)`
	case "{port}":
		return `\d+`
	case "{kind}", "{insecure}", "{api}", "{text}":
		return `\w+(?: \w+)?`
	case "{request method}":
		return `[A-Z]{3,}`
	case "{net}":
		return `ERR_[A-Z0-9_]+`
	case "{space}", "{scope}":
		return `\w+`
	}
	return `\S+?`
}

// isLine reports whether a placeholder stands for any text up to the end of the line.
func isLine(name string) bool { return isPlaceholder(name) && placeholder(name) == `[^\n]*?` }

// atEnd is [placeholder] for one that a template ends with: greedy, without the punctuation that may follow.
func atEnd(name string) string {
	const last = `*[^\s.,;)'"]`
	switch source := placeholder(name); {
	case source == `\S+?`:
		return `\S` + last
	case strings.HasSuffix(source, `\S*?`):
		return strings.TrimSuffix(source, "*?") + last
	case isLine(name):
		return `[^\n]*[^\n.]|`
	default:
		return source
	}
}
