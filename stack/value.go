package stack

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// What browsers make of the values of the headers, for the linters of all stacks.

// OriginProblem says why no page ever has an origin that is written like this, as a clause, and what to write instead. Both are
// empty where one can have it, and for * and null.
func OriginProblem(text string) (why, instead string) {
	if text == "*" || text == "null" {
		return "", ""
	}
	if _, ok := origin.Parse(text); ok {
		return "", ""
	}
	switch {
	case strings.Contains(text, "*"):
		return "browsers know no patterns in this header", ""
	case !strings.Contains(text, "://"):
		return "an origin has a scheme", "https://" + strings.ToLower(strings.TrimRight(text, "/"))
	}
	o, err := origin.FromURL(text)
	if err != nil || o.IsOpaque() {
		return "it is no origin", ""
	}
	instead = o.String()
	scheme, rest, _ := strings.Cut(text, "://")
	switch host, path, hasPath := strings.Cut(rest, "/"); {
	case hasPath && path == "":
		return "an origin has no slash at its end", instead
	case hasPath:
		return "an origin has no path", instead
	case scheme != strings.ToLower(scheme) || host != strings.ToLower(host):
		return "browsers send origins in lower case", instead
	case strings.HasSuffix(host, ":443") || strings.HasSuffix(host, ":80"):
		return "browsers leave out the default port", instead
	}
	return "browsers write it in another way", instead
}

// placeholder matches what some other program is to fill in. It is read-only.
var placeholder = regexp.MustCompile(`@\w+@|%\w+%|__\w+__|<[^<>]*>|\{[^{}]*\}|\[\[[^\[\]]*\]\]`)

// IsPlaceholder reports whether a part of a value stands for one that another program fills in: @ORIGIN@, %ORIGIN%, __ORIGIN__,
// <origin>, {origin} or [[origin]]. Nothing can be said of it.
func IsPlaceholder(text string) bool { return placeholder.MatchString(text) }

// IsList reports whether a text has several origins where there can be one.
func IsList(text string) bool {
	items := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == ';' || c == '|' })
	return len(items) > 1
}

// ListProblem says why browsers cannot read a list of methods or of header names, as a clause; empty where they can.
//
// https://fetch.spec.whatwg.org/#extract-header-list-values
func ListProblem(value string) string {
	for item := range strings.SplitSeq(value, ",") {
		if item = strings.Trim(item, " \t"); item != "" && !header.IsToken(item) {
			return fmt.Sprintf("%q is no name, and one that cannot be read makes browsers refuse the whole list", item)
		}
	}
	return ""
}

// MiswrittenMethod returns a method of a list that browsers send in upper case, and so never find in it; empty for none.
//
// https://fetch.spec.whatwg.org/#concept-method-normalize
func MiswrittenMethod(value string) string {
	for item := range strings.SplitSeq(value, ",") {
		item = strings.Trim(item, " \t")
		upper := strings.ToUpper(item)
		if item != upper && slices.Contains([]string{"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}, upper) {
			return item
		}
	}
	return ""
}

// LongestMaxAge is the longest time, in seconds, that any browser keeps an answer to a preflight: that of Firefox. Chromium
// keeps it for two hours.
const LongestMaxAge = 86400

// MaxAgeProblem says what browsers do not make of a value of Access-Control-Max-Age; both are empty for one that they read and
// keep to. IsIgnored is set where they take it for no value.
func MaxAgeProblem(value string) (why string, isIgnored bool) {
	value = strings.Trim(value, " \t")
	digits := strings.TrimPrefix(value, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return fmt.Sprintf("%q is no number of seconds, so browsers keep answers for five", value), true
	}
	if n, err := strconv.Atoi(value); err != nil || n > LongestMaxAge {
		return fmt.Sprintf("no browser keeps answers longer than %d seconds, Chromium not longer than 7200", LongestMaxAge), false
	}
	return "", false
}

// IsDevelopment reports whether an origin is one of a developer's own machine or network.
func IsDevelopment(serialized string) bool {
	o, ok := origin.Parse(serialized)
	if !ok {
		return false
	}
	host := o.Host()
	if host == "localhost" || host == "[::1]" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") {
		return true
	}
	isAddress := strings.Trim(host, "0123456789.") == ""
	return isAddress && (strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "192.168.") || strings.HasPrefix(host, "10."))
}
