package weburl

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// longestIDN is how many bytes a domain outside ASCII may have. Punycode takes time in the square of a label's length,
// and DNS has room for 253 bytes, so nothing of this length can be a host.
const longestIDN = 8192

// domainToASCII is the Standard's choice of UTS 46 options: non-transitional, bidirectional and joiner rules checked,
// hyphens, lengths and STD3 rules not. A profile is read-only.
//
// https://url.spec.whatwg.org/#domain-parser-toascii
var domainToASCII = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.BidiRule(),
	idna.CheckJoiners(true),
	idna.CheckHyphens(false),
	idna.StrictDomainName(false),
	idna.VerifyDNSLength(false),
)

// parseIDN maps a domain that has characters outside ASCII.
func parseIDN(s string) (domain, reason string) {
	if !utf8.ValidString(s) {
		return "", reasonHostEncoding
	}
	if len(s) > longestIDN {
		return "", reasonDomainTooLong
	}
	s = strings.Map(catchUp, s)
	domain, err := domainToASCII.ToASCII(s)
	if err != nil || hasBadALabel(s) {
		return "", reasonDomain
	}
	return domain, ""
}

// catchUp maps the characters whose mapping UTS 46 has changed since Unicode 15.0, the edition that idna has tables for
// with this Go version; -1 drops the character. Most were disallowed. Once idna has newer tables, this does nothing.
//
// NB: one change is out of reach, for idna refuses the character whatever comes before: U+1806 has become valid.
//
// https://www.unicode.org/reports/tr46/#Modifications
func catchUp(r rune) rune {
	switch {
	case r < 0x4c0:
		return r
	case 0x10a0 <= r && r <= 0x10c5: // Georgian capitals
		return r - 0x10a0 + 0x2d00
	case 0x2061 <= r && r <= 0x2063, 0x206a <= r && r <= 0x206f, 0x1d173 <= r && r <= 0x1d17a: // invisible controls
		return -1
	}
	switch r {
	case 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180e, 0x3164, 0xffa0: // fillers, inherent vowels, vowel separator
		return -1
	case 0x1e9e: // capital sharp s, which was ss
		return 0xdf
	case 0x4c0: // letters whose lower case came later than they
		return 0x4cf
	case 0x2132:
		return 0x214e
	case 0x2183:
		return 0x2184
	case 0x2f868: // ideographs whose decomposition was corrected
		return 0x36fc
	case 0x2f874:
		return 0x5f53
	case 0x2f91f:
		return 0x243ab
	case 0x2f95f:
		return 0x7aee
	case 0x2f9bf:
		return 0x45d7
	}
	return r
}

// hasBadALabel reports whether a label of s, once mapped, is xn-- followed by nothing or by something outside ASCII. UTS 46
// refuses both, and idna takes them.
//
// https://www.unicode.org/reports/tr46/#Processing
func hasBadALabel(s string) bool {
	for label := range strings.FieldsFuncSeq(s, isLabelSeparator) {
		// With a letter before it, the label is mapped and not decoded. The errors are those of the whole domain.
		mapped, _ := domainToASCII.ToUnicode("a" + label)
		encoded, ok := strings.CutPrefix(mapped, "axn--")
		if ok && (encoded == "" || !isASCII(encoded)) {
			return true
		}
	}
	return false
}

// isLabelSeparator reports whether UTS 46 maps the character to full stops.
func isLabelSeparator(r rune) bool {
	switch r {
	case '.', '\u2024', '\u2025', '\u2026', '\u3002', '\ufe19', '\ufe30', '\ufe52', '\uff0e', '\uff61':
		return true
	}
	return false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
