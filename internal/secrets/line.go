package secrets

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// pair is a name and its value, as configuration and code have them. It is read-only.
var pair = regexp.MustCompile(`([A-Za-z][A-Za-z0-9_-]*)(["']?\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s,{}\[\]"'][^,{}\[\]]*)`)

// word is a run of what a token can be made of; passwords stand before the host of a URL. Both are read-only.
var (
	word     = regexp.MustCompile(`[A-Za-z0-9_~+/=%.-]{16,}`)
	password = regexp.MustCompile(`(://[^\s/?#@:"']*:)([^\s/?#@"']+)@`)
)

// InLine masks what stands for a secret in a line of a file in whatever language: values beside names that say so, what looks
// like a token, and passwords in URLs. An asterisk takes the place of each character, so that columns stay where they were.
func InLine(text string) string {
	text = replace(text, pair, 3, func(m []string) bool { return isSecretPair(m[1], m[3]) })
	text = replace(text, word, 0, func(m []string) bool { return LooksLikeToken(m[0]) })
	return replace(text, password, 2, func([]string) bool { return true })
}

// replace masks a group of every match that is a secret.
func replace(text string, re *regexp.Regexp, group int, secret func(groups []string) bool) string {
	var b strings.Builder
	end := 0
	for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
		groups := make([]string, len(at)/2)
		for i := range groups {
			groups[i] = text[at[2*i]:at[2*i+1]]
		}
		if secret(groups) {
			b.WriteString(text[end:at[2*group]])
			b.WriteString(strings.Repeat("*", utf8.RuneCountInString(groups[group])))
			end = at[2*group+1]
		}
	}
	return b.String() + text[end:]
}

// isSecretPair leaves alone what is a setting: whether there are credentials is none.
func isSecretPair(name, value string) bool {
	switch strings.ToLower(strings.Trim(value, `"' `)) {
	case "true", "false", "include", "omit", "same-origin", "on", "off", "yes", "no", "null", "":
		return false
	}
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "cookie", "cookie2", "set-cookie", "set-cookie2":
		return true
	}
	return IsName(name)
}
