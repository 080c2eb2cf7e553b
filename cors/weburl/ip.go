package weburl

import (
	"strconv"
	"strings"
)

// endsInNumber reports whether the domain's last label, before an optional trailing dot, is a number. Such a domain must
// be an IPv4 address.
//
// https://url.spec.whatwg.org/#ends-in-a-number-checker
func endsInNumber(domain string) bool {
	last := strings.TrimSuffix(domain, ".")
	last = last[strings.LastIndexByte(last, '.')+1:]
	if last == "" || !isDigit(last[0]) {
		return false // nothing else starts a number, be it decimal, octal or hexadecimal
	}
	if digits := strings.TrimLeft(last, "0123456789"); digits == "" {
		return true
	}
	_, ok := parseIPv4Number(last)
	return ok
}

// parseIPv4 reads one to four numbers, the last of which fills the bytes that the others leave, and returns the address
// in dotted-decimal form.
//
// https://url.spec.whatwg.org/#concept-ipv4-parser
func parseIPv4(s string) (address string, ok bool) {
	s = strings.TrimSuffix(s, ".")
	var ipv4 uint64
	for n := 0; ; n++ {
		if n == 4 {
			return "", false
		}
		part, rest, more := strings.Cut(s, ".")
		number, ok := parseIPv4Number(part)
		if !ok {
			return "", false
		}
		if !more {
			if number >= 1<<(8*(4-n)) {
				return "", false
			}
			ipv4 |= number
			break
		}
		if number > 255 {
			return "", false
		}
		ipv4 |= number << (8 * (3 - n))
		s = rest
	}
	b := make([]byte, 0, len("255.255.255.255"))
	for shift := 24; shift >= 0; shift -= 8 {
		b = strconv.AppendUint(b, ipv4>>shift&0xff, 10)
		if shift > 0 {
			b = append(b, '.')
		}
	}
	return string(b), true
}

// parseIPv4Number reads a decimal, 0x hexadecimal or leading-zero octal number. A number beyond 32 bits comes back as
// some number beyond 32 bits: no address has room for it, so its value is immaterial.
//
// https://url.spec.whatwg.org/#ipv4-number-parser
func parseIPv4Number(s string) (number uint64, ok bool) {
	if s == "" {
		return 0, false
	}
	radix := uint64(10)
	switch {
	case len(s) >= 2 && s[0] == '0' && s[1]|0x20 == 'x':
		s, radix = s[2:], 16
	case len(s) >= 2 && s[0] == '0':
		s, radix = s[1:], 8
	}
	for i := range len(s) {
		if !isHex(s[i]) || uint64(hexValue(s[i])) >= radix {
			return 0, false
		}
		if number < 1<<32 {
			number = number*radix + uint64(hexValue(s[i]))
		}
	}
	return number, true
}

// parseIPv6 reads an IPv6 address without its brackets.
//
// https://url.spec.whatwg.org/#concept-ipv6-parser
func parseIPv6(s string) (address [8]uint16, ok bool) {
	piece, compress, i := 0, -1, 0
	if s != "" && s[0] == ':' {
		if !strings.HasPrefix(s, "::") {
			return address, false
		}
		piece, compress, i = 1, 1, 2
	}
	for i < len(s) {
		if piece == 8 {
			return address, false
		}
		if s[i] == ':' {
			if compress >= 0 {
				return address, false
			}
			i++
			piece++
			compress = piece
			continue
		}
		start, value := i, uint16(0)
		for i < len(s) && i-start < 4 && isHex(s[i]) {
			value = value<<4 | uint16(hexValue(s[i]))
			i++
		}
		switch {
		case i == len(s):
		case s[i] == '.':
			if i == start || piece > 6 {
				return address, false
			}
			high, low, ok := parseDottedQuad(s[start:])
			if !ok {
				return address, false
			}
			address[piece], address[piece+1] = high, low
			piece += 2
			i = len(s)
			continue
		case s[i] == ':':
			i++
			if i == len(s) {
				return address, false
			}
		default:
			return address, false
		}
		address[piece] = value
		piece++
	}
	if compress < 0 {
		return address, piece == 8
	}
	// The pieces after the compression belong at the end.
	for from, to := piece-1, 7; from >= compress && from != to; from, to = from-1, to-1 {
		address[to], address[from] = address[from], 0
	}
	return address, true
}

// parseDottedQuad reads the IPv4 address at the end of an IPv6 address: exactly four decimal numbers, no leading zeros.
func parseDottedQuad(s string) (high, low uint16, ok bool) {
	var quad uint32
	for n := range 4 {
		part, rest, more := strings.Cut(s, ".")
		if more != (n < 3) || part == "" || len(part) > 3 || len(part) > 1 && part[0] == '0' {
			return 0, 0, false
		}
		number := uint32(0)
		for i := range len(part) {
			if !isDigit(part[i]) {
				return 0, 0, false
			}
			number = number*10 + uint32(part[i]-'0')
		}
		if number > 255 {
			return 0, 0, false
		}
		quad = quad<<8 | number
		s = rest
	}
	return uint16(quad >> 16), uint16(quad), true
}

// serializeIPv6 writes the address in brackets, its first longest run of two or more zero pieces compressed.
//
// https://url.spec.whatwg.org/#concept-ipv6-serializer
func serializeIPv6(address [8]uint16) string {
	longest, length := -1, 1
	for i := 0; i < len(address); i++ {
		start := i
		for i < len(address) && address[i] == 0 {
			i++
		}
		if i-start > length {
			longest, length = start, i-start
		}
	}
	b := make([]byte, 0, len("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]"))
	b = append(b, '[')
	for i := 0; i < len(address); i++ {
		if i == longest {
			if i == 0 {
				b = append(b, ':')
			}
			b = append(b, ':')
			i += length - 1
			continue
		}
		b = strconv.AppendUint(b, uint64(address[i]), 16)
		if i < 7 {
			b = append(b, ':')
		}
	}
	return string(append(b, ']'))
}
