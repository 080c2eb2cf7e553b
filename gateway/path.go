package gateway

import (
	"path"
	"strings"
)

// plainPath is a path as a server may read it that is generous: backslashes are slashes, what comes after a semicolon in a name
// is a parameter and no part of it, several slashes are one, and names of dots lead upwards. Browsers have done the last with a URL
// before they send it, but for what is percent-encoded, which was decoded since. Most paths come back as they are.
func plainPath(p string) string {
	if !strings.ContainsAny(p, `\;`) && !strings.Contains(p, "//") && !strings.Contains(p, "/.") {
		return p
	}
	p = strings.ReplaceAll(p, `\`, "/")
	if strings.Contains(p, ";") {
		names := strings.Split(p, "/")
		for i, name := range names {
			names[i], _, _ = strings.Cut(name, ";")
		}
		p = strings.Join(names, "/")
	}
	plain := path.Clean("/" + p)
	if strings.HasSuffix(p, "/") || strings.HasSuffix(p, "/.") || strings.HasSuffix(p, "/..") {
		plain = strings.TrimSuffix(plain, "/") + "/"
	}
	return plain
}
