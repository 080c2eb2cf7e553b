package weburl

// encodeSet is a percent-encode set: one bit for each ASCII byte. Every byte above ASCII is in every set.
//
// https://url.spec.whatwg.org/#percent-encode-set
type encodeSet [2]uint64

// The percent-encode sets, each with the characters that it adds to the one that it builds on. They are never written to.
var (
	c0ControlSet    = encodeSet{1<<0x20 - 1, 1 << (0x7f - 64)}
	fragmentSet     = c0ControlSet.with(" \"<>`")
	querySet        = c0ControlSet.with(" \"#<>")
	specialQuerySet = querySet.with("'")
	pathSet         = querySet.with("?^`{}")
	userinfoSet     = pathSet.with("/:;=@[\\]|")
)

func (set encodeSet) with(chars string) encodeSet {
	for i := range len(chars) {
		set[chars[i]/64] |= 1 << (chars[i] % 64)
	}
	return set
}

func (set *encodeSet) has(c byte) bool {
	return c >= 0x80 || set[c/64]>>(c%64)&1 != 0
}

// encode returns s with the bytes of the set percent-encoded: s itself when there are none.
//
// https://url.spec.whatwg.org/#string-utf-8-percent-encode
func encode(s string, set *encodeSet) string {
	for i := range len(s) {
		if set.has(s[i]) {
			return string(appendEncoded(make([]byte, 0, len(s)+16), s, set))
		}
	}
	return s
}

func appendEncoded(b []byte, s string, set *encodeSet) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		if c := s[i]; set.has(c) {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return b
}

// decode replaces percent-encoded bytes by the bytes they stand for and leaves any other percent sign alone.
//
// https://url.spec.whatwg.org/#string-percent-decode
func decode(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && len(s)-i > 2 && isHex(s[i+1]) && isHex(s[i+2]) {
			b = append(b, hexValue(s[i+1])<<4|hexValue(s[i+2]))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// hexValue is the value of a hexadecimal digit; anything else is the caller's mistake.
func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
