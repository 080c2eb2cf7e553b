package stack

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// A Flavour is a dialect of regular expressions.
type Flavour int

// The flavours. What [Regexp] uses means the same in each of them; they differ in what has to be escaped.
const (
	PCRE       Flavour = iota
	RE2                // Go, Envoy
	JavaScript         // to stand between slashes
)

// Regexp returns a regular expression for the origins that a pattern stands for. It is anchored at both ends, has no group that
// captures, and takes time linear in the length of a value. Of the values that [origin.Parse] reads it matches exactly those
// that the pattern matches. It matches no other value, with one exception: where any port will do, a port is one to five
// digits, even if no origin has it.
//
// The end is $, which in PCRE matches before a last line feed too: no header has one in it.
func Regexp(p origin.Pattern, f Flavour) string {
	if p.IsAny() {
		return "^.+$"
	}
	scheme, host, ports, hasPorts := cutPattern(p)
	text := "^" + regexp.QuoteMeta(scheme+"://") + hostRegexp(host)
	if hasPorts {
		text += portsRegexp(scheme, ports)
	}
	text += "$"
	if f == JavaScript {
		text = strings.ReplaceAll(text, "/", `\/`)
	}
	return text
}

// cutPattern cuts a pattern, which is known to be valid, into its parts.
func cutPattern(p origin.Pattern) (scheme, host, ports string, hasPorts bool) {
	scheme, rest, _ := strings.Cut(p.String(), "://")
	end := strings.IndexByte(rest, ']') // of an IPv6 address; ports in brackets follow a colon
	if !strings.HasPrefix(rest, "[") {
		end = 0
	}
	if i := strings.IndexByte(rest[end:], ':'); i >= 0 {
		return scheme, rest[:end+i], rest[end+i+1:], true
	}
	return scheme, rest, "", false
}

// Parts of a label: what it may hold, and what may stand at its ends, where there can be no hyphen.
const (
	inLabel  = "[a-z0-9-]"
	endLabel = "[a-z0-9]"
	label    = endLabel + "(?:" + inLabel + "*" + endLabel + ")?"
)

func hostRegexp(host string) string {
	before, after, found := strings.Cut(host, "*")
	if !found {
		return regexp.QuoteMeta(host)
	}
	star := inLabel + "+"
	first, last := before == "" || strings.HasSuffix(before, "."), strings.HasPrefix(after, ".")
	switch {
	case before == "" && last:
		return "(?:" + label + `\.)+` + regexp.QuoteMeta(after[1:])
	case first && last:
		star = label
	case first:
		star = endLabel + inLabel + "*"
	case last:
		star = inLabel + "*" + endLabel
	}
	return regexp.QuoteMeta(before) + star + regexp.QuoteMeta(after)
}

// portsRegexp is for what stands after the colon of a pattern: * or ports and ranges, perhaps in brackets.
func portsRegexp(scheme, ports string) string {
	if ports == "*" {
		return "(?::[0-9]{1,5})?"
	}
	def, hasDefault := weburl.DefaultPort(scheme)
	optional := ""
	var list []string
	for item := range strings.SplitSeq(strings.Trim(ports, "[]"), ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(item), "-")
		if !isRange {
			high = low
		}
		from, _ := strconv.Atoi(strings.TrimSpace(low)) // a valid pattern has numbers here
		to, _ := strconv.Atoi(strings.TrimSpace(high))
		if !hasDefault || def < from || def > to {
			list = append(list, rangeRegexp(from, to)...)
			continue
		}
		// An origin never says the default port.
		optional = "?"
		if from < def {
			list = append(list, rangeRegexp(from, def-1)...)
		}
		if def < to {
			list = append(list, rangeRegexp(def+1, to)...)
		}
	}
	switch {
	case len(list) == 0:
		return ""
	case len(list) == 1 && optional == "":
		return ":" + list[0]
	}
	return "(?::(?:" + strings.Join(list, "|") + "))" + optional
}

// rangeRegexp returns expressions for the numbers of a range, both ends included, without leading zeros.
func rangeRegexp(from, to int) []string {
	var list []string
	for from <= to {
		// The largest block of numbers that begins here and differs only in its last digits.
		size := 1
		for from%(size*10) == 0 && from+size*10-1 <= to && (from > 0 || size*10 == 1) {
			size *= 10
		}
		// Up to nine such blocks beside each other differ in one more digit.
		n := 1
		for n < 10-from/size%10 && from+(n+1)*size-1 <= to {
			n++
		}
		digit := from / size % 10
		text := ""
		if rest := from / size / 10; rest > 0 {
			text = strconv.Itoa(rest)
		}
		if n == 1 {
			text += strconv.Itoa(digit)
		} else {
			text += "[" + strconv.Itoa(digit) + "-" + strconv.Itoa(digit+n-1) + "]"
		}
		zeros := len(strconv.Itoa(size)) - 1
		switch {
		case zeros == 1:
			text += "[0-9]"
		case zeros > 1:
			text += "[0-9]{" + strconv.Itoa(zeros) + "}"
		}
		list = append(list, text)
		from += n * size
	}
	return list
}
