package weburl_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/concors/concors/cors/weburl"
)

// reference is one input, and what Node's URL class made of it.
type reference struct {
	Input    string  `json:"input"`
	Base     string  `json:"base"` // empty for none
	Href     *string `json:"href"` // nil if Node refused it
	Protocol string  `json:"protocol"`
	Hostname string  `json:"hostname"`
	Port     string  `json:"port"`
}

const nodeScript = `
const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
	const { input, base } = JSON.parse(line);
	let answer = { input, base, href: null };
	try {
		const { href, protocol, hostname, port } = base === "" ? new URL(input) : new URL(input, base);
		answer = { input, base, href, protocol, hostname, port };
	} catch {}
	process.stdout.write(JSON.stringify(answer) + "\n");
});
`

// askNode runs the inputs through Node's URL class, in one process.
func askNode(t *testing.T, inputs []reference) []reference {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is missing, and CI must have it")
		}
		t.Skip("node is missing")
	}
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, r := range inputs {
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(node, "-e", nodeScript)
	cmd.Stdin = &in
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	answers := make([]reference, 0, len(inputs))
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var r reference
		if err := dec.Decode(&r); err != nil {
			t.Fatalf("answer %d of node: %v", len(answers), err)
		}
		answers = append(answers, r)
	}
	if len(answers) != len(inputs) {
		t.Fatalf("got %d answers from node, want %d", len(answers), len(inputs))
	}
	return answers
}

// knownDifference says why Node, whose URL class follows an older edition of the Standard and has bugs of its own, gives
// another answer than ours; empty if no reason is known. It is asked only when the answers differ.
func knownDifference(r reference, got string) string {
	input := strings.ToLower(r.Input)
	base, _ := weburl.Parse(r.Base, nil)
	refused := got == ""
	accepted := r.Href != nil
	switch {
	case strings.ContainsFunc(r.Input, isUnassigned):
		return "Unicode skew: the character is newer than the tables of idna"
	case strings.ContainsAny(r.Input, "\u1e9e\u10a0\u2132\u2183\u180e\u115f"):
		return "Unicode skew: Node's tables are older than 15.1, and map or refuse the character otherwise"
	case !refused && !accepted && strings.Contains(input, "xn--"):
		return "edition: a domain in ASCII is no longer checked for valid Punycode"
	case !refused && accepted && strings.ReplaceAll(got, "%5E", "^") == strings.ReplaceAll(*r.Href, "%5E", "^"):
		return "edition: the circumflex is now encoded in paths"
	case !refused && accepted && strings.ReplaceAll(got, "%20", " ") == strings.ReplaceAll(*r.Href, "%20", " "):
		return "edition: the space that ends an opaque path is now encoded"
	case refused && accepted && base != nil && base.OpaquePath && strings.Contains(r.Input, "#"):
		return "Node bug: with an opaque base, a fragment anywhere in the reference makes it relative"
	case !refused && accepted && strings.ReplaceAll(got, "/", "") == strings.ReplaceAll(*r.Href, "/", "") &&
		len(got) == len(*r.Href)+1:
		return "Node bug: a path that is two dots and nothing else is empty if the scheme is not special"
	case refused && accepted && strings.ContainsFunc(r.Input, isRightToLeft):
		return "Node bug: the bidirectional rule is applied to labels that start right-to-left only"
	case refused && accepted && strings.ContainsFunc(input, isNotASCII) &&
		(strings.Contains(input, "xn--") || strings.Contains(input, "ｘｎ－－")):
		return "edition: an A-label that decodes to ASCII is now an error in an international domain"
	case !refused && accepted && strings.HasPrefix(got, "file://") && startsLikeDriveLetter(*r.Href):
		return "Node bug: a file's first segment is kept like a drive letter if it merely starts like one"
	}
	return ""
}

func isUnassigned(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Co)
}

func isNotASCII(r rune) bool { return r > unicode.MaxASCII }

// startsLikeDriveLetter reports whether the path of a file URL starts with a letter and a colon that something but a slash
// follows.
func startsLikeDriveLetter(href string) bool {
	_, path, _ := strings.Cut(strings.TrimPrefix(href, "file://"), "/")
	return len(path) > 2 && path[1] == ':' && path[2] != '/'
}

func isRightToLeft(r rune) bool { return unicode.In(r, unicode.Hebrew, unicode.Arabic) }

// generator makes odd URLs from odd pieces.
type generator struct{ *rand.Rand }

func (g generator) pick(choices ...string) string { return choices[g.IntN(len(choices))] }

// some returns up to n pieces, joined.
func (g generator) some(n int, pieces ...string) string {
	var b strings.Builder
	for range g.IntN(n + 1) {
		b.WriteString(g.pick(pieces...))
	}
	return b.String()
}

func (g generator) scheme() string {
	return g.pick("http:", "https:", "HTTP:", "hTTps:", "ws:", "wss:", "ftp:", "file:", "File:", "foo:", "web+demo:", "blob:",
		"data:", "javascript:", "about:", "mailto:", "chrome-extension:", "x-1.2+3:", "1a:", "ht\ttp:", "a_b:", "", ":", "h")
}

func (g generator) number() string {
	return g.pick("0", "1", "127", "255", "256", "0x7f", "0X7F", "0x", "010", "08", "09", "4294967295", "4294967296",
		"0xffffffff", "0x100000000", "65535", "99999999999999999999", "00000000000000000377", "0xg", "", "%31", "１")
}

func (g generator) host() string {
	switch g.IntN(8) {
	case 0: // numbers
		host := g.number()
		for range g.IntN(5) {
			host += "." + g.number()
		}
		return host
	case 1: // something like an IPv6 address
		return "[" + g.some(12, ":", ":", "::", "0", "1", "ffff", "00ff", "10000", "F", "g", "1.2.3.4", "255.255.255.255", ".",
			"01.2.3.4", ":0:0:", "1:", "%25eth0") + g.pick("]", "]", "]", "", "]x")
	case 2: // an IPv6 address with all its pieces
		parts := make([]string, 8)
		for i := range parts {
			parts[i] = g.pick("0", "0", "0", "1", "abCD", "00a", "f0f0")
		}
		return "[" + strings.Join(parts, ":") + "]"
	case 3: // international
		return g.some(6, "ü", "B", "faß", "ẞ", "İ", "ı", "ς", "Σ", "。", "．", "｡", "…", ".", "☕", "א", "ا", "1", "-", "xn--",
			"xn--bcher-kva", "xn--a", "\u200c", "\u200d", "\u00ad", "क्", "\u0301", "ﬀ", "㍿", "℀", "≠", "￥", "ａ", "％", "中", "😀",
			"\ufffd", "\u2060", "ｘｎ－－", "_", "٠", "०", "\u0378", "Ⅎ", "Ⴀ")
	default:
		return g.some(4, "a", "b.example", "EXAMPLE", "localhost", ".", "..", "-", "_", "%41", "%2e", "%2E", "%00", "%", "%zz",
			"%c3%bc", "%C3", "~", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=", "^", "|", "<", ">", " ", "\\", "\"", "`",
			"{", "}", "[", "]", "\x7f", "\x01", "a.b.c", "xn--ls8h", "\t", "%20", "%23", "%25")
	}
}

func (g generator) path() string {
	return g.some(7, "/", "/", "\\", "a", "b", ".", "..", "%2e", "%2E", ".%2e", "%2e%2E", "C:", "c|", "/C|", "x:", " ", "é", "😀",
		"^", "`", "{}", "|", "'", "\"", "<", ">", "%", "%zz", "%41", ";", "=", "@", ":", "[", "]", "\x00", "\x1f", "\x7f", "~", "\n")
}

func (g generator) input() string {
	tail := g.path() +
		g.pick("", "", "?", "?"+g.some(4, "q", "=", "'", "\"", "`", "<", ">", "é", " ", "?", "^", "{", "|", "%", "\\", "\x00")) +
		g.pick("", "", "#", "#"+g.some(4, "f", "#", "`", "'", "\"", "<", ">", "é", " ", "^", "{", "\\", "\x00", "?"))
	switch g.IntN(5) {
	case 0:
		return tail
	case 1:
		return g.scheme() + tail
	}
	slashes := g.pick("//", "//", "//", "//", "/", "", "///", "\\\\", "/\\", "////")
	userinfo := g.pick("", "", "", "", "u@", "u:p@", ":@", "@", "u:p:q@", "u@v@", "é@", "u:é;=[]^|'@", "%zz:%@")
	port := g.pick("", "", "", ":", ":80", ":443", ":21", ":8080", ":00080", ":65535", ":65536", ":0", ":1x", ":-1", ":٣",
		":99999999999999999999")
	return g.pick("", "", " ", "\x00") + g.scheme() + slashes + userinfo + g.host() + port + g.pick("", "/") + tail +
		g.pick("", "", " ", "\t")
}

func (g generator) base() string {
	return g.pick("", "", "http://h/a/b?q#f", "https://u:p@h:8/x/../y", "file:///C:/a/b", "file://server/share", "file:///",
		"file:///x/C:/y", "foo:bar", "foo:/a/b", "foo://h", "foo://h/a/b", "mailto:x?y", "ws://h", "data:,x#f", "about:blank",
		"ftp://h:21/a;b", "web+demo:/.//p")
}

// TestParseAgreesWithNode compares every outcome with that of another implementation of the Standard.
func TestParseAgreesWithNode(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	var inputs []reference
	for _, row := range parseRows() {
		inputs = append(inputs, reference{Input: row.input, Base: row.base})
	}
	for range 20_000 {
		inputs = append(inputs, reference{Input: g.input(), Base: g.base()})
	}
	accepted, known := 0, map[string]int{}
	for _, r := range askNode(t, inputs) {
		var base *weburl.URL
		if r.Base != "" {
			base = mustParse(t, r.Base)
		}
		u, err := weburl.Parse(r.Input, base)
		got := ""
		if err == nil {
			got = u.String()
		}
		want := ""
		if r.Href != nil {
			want = *r.Href
			accepted++
		}
		if got != want {
			if reason := knownDifference(r, got); reason != "" {
				known[reason]++
			} else {
				t.Errorf("Parse(%+q, %q):\ngot  %q, %v\nnode %q", r.Input, r.Base, got, err, want)
			}
			continue
		}
		if err != nil {
			continue
		}
		port := ""
		if u.Port >= 0 {
			port = strconv.Itoa(u.Port)
		}
		if u.Scheme+":" != r.Protocol || u.Host != r.Hostname || port != r.Port {
			t.Errorf("Parse(%+q, %q): got scheme %q, host %q, port %q; node %q, %q, %q", r.Input, r.Base, u.Scheme, u.Host, port,
				r.Protocol, r.Hostname, r.Port)
		}
	}
	if accepted < len(inputs)/4 {
		t.Errorf("node accepted %d of %d inputs: they test too little", accepted, len(inputs))
	}
	t.Logf("%d inputs, %d of them accepted by node", len(inputs), accepted)
	for reason, n := range known {
		t.Logf("%4d differ: %s", n, reason)
	}
}
