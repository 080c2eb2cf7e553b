package fetch

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
)

// maxSafelistedValue is the longest value, in bytes, that can be safelisted; maxSafelistedTotal bounds their sum.
const (
	maxSafelistedValue = 128
	maxSafelistedTotal = 1024
)

// safelistedRequestHeader reports whether a header needs no preflight.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func (f *fetcher) safelistedRequestHeader(name, value string) bool {
	// 1. A value longer than 128 bytes is not.
	if len(value) > maxSafelistedValue {
		return false
	}

	// 2, 3. By name; any other name is not.
	switch {
	case header.EqualFold(name, header.Accept):
		// DIFFERS: Firefox refuses bytes that are not ASCII.
		return !hasUnsafeByte(value) && !(f.profile.HighBytesUnsafe && hasHighByte(value))
	case header.EqualFold(name, header.AcceptLanguage), header.EqualFold(name, header.ContentLanguage):
		return isLanguageValue(value)
	case header.EqualFold(name, header.ContentType):
		// DIFFERS: Firefox refuses a comma and bytes that are not ASCII.
		return isSafelistedContentType(value) && !(f.profile.HighBytesUnsafe && hasHighByte(value)) &&
			!(f.profile.CommaUnsafe && strings.Contains(value, ","))
	case header.EqualFold(name, header.Range):
		return isSafelistedRange(value, f.profile.Range)
	}
	// DIFFERS: Chromium does not look at User-Agent.
	if f.profile.UserAgentExempt && header.EqualFold(name, header.UserAgent) {
		return true
	}
	// DIFFERS: Chromium safelists client hints, each with a value of its grammar.
	return f.profile.ClientHintsSafelisted && isClientHint(name, value)
}

// unsafeRequestHeaderNames returns the names that a preflight must ask for: lower case, each once, sorted.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func (f *fetcher) unsafeRequestHeaderNames(list header.List) []string {
	const alg = spec.UnsafeRequestHeaderNames

	// 1-3. Nothing yet.
	var names, safelisted []string
	size := 0

	for _, field := range list {
		// 4, 4.1. A header that is not safelisted is unsafe.
		value := field.Value
		if f.profile.TrimsCombined {
			value = header.Normalize(value) // what is joined may end in a space
		}
		if !f.safelistedRequestHeader(field.Name, value) {
			names = append(names, header.Lower(field.Name))
			continue
		}

		// 4.2. One that is counts towards the total.
		safelisted = append(safelisted, header.Lower(field.Name))
		size += len(value)
	}

	// 5. More than 1024 bytes of safelisted values make all of them unsafe.
	// DIFFERS: Firefox and WebKit judge each header by itself.
	if size > maxSafelistedTotal && !f.profile.NoTotalSafelistLimit {
		f.step(alg, "5", "the values of the safelisted headers have "+strconv.Itoa(size)+" bytes")
		names = append(names, safelisted...)
	}

	// 6. Sorted, each name once.
	slices.Sort(names)
	// DIFFERS: Firefox lists a name as often as it was set.
	if f.profile.RepeatsUnsafeNames {
		return names
	}
	return slices.Compact(names)
}

// noCORSSafelistedRequestHeader reports whether script may set a header in mode no-cors.
//
// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
func (f *fetcher) noCORSSafelistedRequestHeader(name, value string) bool {
	// 1. Only four names can be.
	if !header.IsNoCORSSafelistedName(name) {
		return false
	}

	// 2. And only with a value that needs no preflight.
	return f.safelistedRequestHeader(name, value)
}

// forbiddenRequestHeader reports whether the browser keeps a header to itself.
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func forbiddenRequestHeader(name, value string) bool {
	// 1, 2. By name or prefix.
	if header.IsForbiddenRequestName(name) {
		return true
	}

	// 3, 3.1, 3.2. A method override, when one of its values is a forbidden method.
	if header.IsMethodOverrideName(name) {
		return slices.ContainsFunc(splitOnCommas(value), isForbiddenMethod)
	}

	// 4. Not forbidden.
	return false
}

// hasUnsafeByte reports whether a value has a CORS-unsafe request-header byte.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
func hasUnsafeByte(value string) bool {
	for i := range len(value) {
		switch c := value[i]; c {
		case '"', '(', ')', ':', '<', '>', '?', '@', '[', '\\', ']', '{', '}', 0x7F:
			return true
		default:
			if c < 0x20 && c != '\t' {
				return true
			}
		}
	}
	return false
}

func hasHighByte(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool { return r >= utf8.RuneSelf })
}

func isLanguageValue(value string) bool {
	for i := range len(value) {
		c := value[i]
		if !isDigit(c) && !isAlpha(c) && !strings.Contains(" *,-.;=", value[i:i+1]) {
			return false
		}
	}
	return true
}

// isSafelistedContentType judges one value as it stands, not the last of several as a server would.
func isSafelistedContentType(value string) bool {
	if hasUnsafeByte(value) {
		return false
	}
	essence, ok := header.ParseMIMEEssence(value)
	if !ok {
		return false
	}
	switch essence {
	case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
		return true
	}
	return false
}

// isSafelistedRange reports whether a value is one range of bytes with a start.
//
// https://fetch.spec.whatwg.org/#simple-range-header-value
func isSafelistedRange(value string, rule RangeRule) bool {
	const unit = "bytes="
	if len(value) < len(unit) || value[:len(unit)] != unit && !(rule == RangeLenient && header.EqualFold(value[:len(unit)], unit)) {
		return false
	}
	first, last, found := strings.Cut(value[len(unit):], "-")
	if !found {
		return false
	}
	if rule == RangeLenient {
		first, last = strings.TrimPrefix(first, "+"), strings.TrimPrefix(last, "+")
	}
	if !isDigits(first) || last != "" && !isDigits(last) {
		return false
	}
	if rule != RangeStandard && (!fitsInt64(first) || !fitsInt64(last)) {
		return false
	}
	return last == "" || compareNumbers(first, last) <= 0
}

func fitsInt64(digits string) bool {
	return digits == "" || compareNumbers(digits, strconv.FormatInt(math.MaxInt64, 10)) <= 0
}

// compareNumbers compares two decimal numbers of any length.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// isClientHint reports whether a header is a client hint with a value of its grammar, as Chromium has it.
func isClientHint(name, value string) bool {
	switch header.Lower(name) {
	case "device-memory", "dpr", "downlink":
		whole, fraction, found := strings.Cut(value, ".")
		return isDigits(whole) && (!found || isDigits(fraction))
	case "width", "viewport-width", "rtt":
		return isDigits(value)
	case "ect":
		return value == "slow-2g" || value == "2g" || value == "3g" || value == "4g"
	case "save-data":
		return header.EqualFold(value, "on")
	}
	return false
}

// isDroppedHint reports whether Chromium drops a header that a script set at a redirect, as a client hint.
func isDroppedHint(name string) bool {
	switch header.Lower(name) {
	case "device-memory", "dpr", "downlink", "width", "viewport-width", "rtt", "ect":
		return true
	}
	return false
}

// splitOnCommas splits a value on the commas that are not inside a quoted string, without the whitespace around them.
//
// https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
func splitOnCommas(value string) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			quoted = !quoted
		case ',':
			if !quoted {
				parts = append(parts, strings.Trim(value[start:i], " \t"))
				start = i + 1
			}
		}
	}
	return append(parts, strings.Trim(value[start:], " \t"))
}

func isDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
