package origin

import "strings"

// isNumber reports whether a label that ends a host makes that host an IPv4 address.
//
// https://url.spec.whatwg.org/#ends-in-a-number-checker
func isNumber(label string) bool {
	if label == "" || !isDigit(label[0]) {
		return false
	}
	digits := "0123456789"
	if strings.HasPrefix(label, "0x") {
		label, digits = label[2:], "0123456789abcdef"
	}
	return strings.Trim(label, digits) == ""
}

// isIPv4 reports whether the host is an IPv4 address as it is serialized.
//
// https://url.spec.whatwg.org/#concept-ipv4-serializer
func isIPv4(s string) bool {
	for n := range 4 {
		part, rest, more := strings.Cut(s, ".")
		if more != (n < 3) || part == "" || len(part) > 3 || len(part) > 1 && part[0] == '0' {
			return false
		}
		value := 0
		for i := range len(part) {
			if !isDigit(part[i]) {
				return false
			}
			value = value*10 + int(part[i]-'0')
		}
		if value > 255 {
			return false
		}
		s = rest
	}
	return true
}

// isIPv6 reports whether s, without its brackets, is an IPv6 address as it is serialized.
//
// https://url.spec.whatwg.org/#concept-ipv6-serializer
func isIPv6(s string) bool {
	var (
		zero     [8]bool // by piece, of those written before and after the compression
		pieces   int
		compress = -1 // how many pieces are written before the compression
	)
	if strings.HasPrefix(s, "::") {
		compress, s = 0, s[2:]
	}
	for s != "" {
		end := strings.IndexByte(s, ':')
		piece := s
		if end >= 0 {
			piece = s[:end]
		}
		if pieces == len(zero) || !isPiece(piece) {
			return false
		}
		zero[pieces] = piece == "0"
		pieces++
		if end < 0 {
			break
		}
		if s = s[end+1:]; strings.HasPrefix(s, ":") {
			if compress >= 0 {
				return false
			}
			compress, s = pieces, s[1:]
		} else if s == "" {
			return false // a colon with nothing behind it
		}
	}
	left := len(zero) - pieces // for the compression
	if compress < 0 {
		_, length := longestRun(zero)
		return left == 0 && length < 2
	}
	if left < 2 {
		return false
	}
	copy(zero[compress+left:], zero[compress:pieces])
	for i := range left {
		zero[compress+i] = true
	}
	start, length := longestRun(zero)
	return start == compress && length == left
}

// longestRun returns the first longest run of zero pieces.
func longestRun(zero [8]bool) (start, length int) {
	for i := 0; i < len(zero); i++ {
		first := i
		for i < len(zero) && zero[i] {
			i++
		}
		if i-first > length {
			start, length = first, i-first
		}
	}
	return start, length
}

// isPiece reports whether s is one to four lower-case hexadecimal digits without a leading zero.
func isPiece(s string) bool {
	if s == "" || len(s) > 4 || len(s) > 1 && s[0] == '0' {
		return false
	}
	for i := range len(s) {
		if !isDigit(s[i]) && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}
