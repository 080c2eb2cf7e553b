package input

import "strings"

// A curlOption is an option of a curl command line, under its long name.
type curlOption struct {
	name     string
	value    string
	negated  bool     // --no-name
	argument argument // the word that the value comes from
}

// curlOptions reads the words behind the program's name by curl's rules: short options may be bundled, with the value of
// the last one attached; long ones take theirs from the next word or, since curl 8.16, from behind an equals sign; --no-
// negates a flag; -- ends the options; every other word is a URL.
func curlOptions(words []argument) ([]curlOption, error) {
	r := &optionReader{words: words}
	options := true
	for r.next < len(r.words) {
		word := r.words[r.next]
		r.next++
		var err error
		switch {
		case !options || !strings.HasPrefix(word.text, "-"):
			r.list = append(r.list, curlOption{name: "url", value: word.text, argument: word})
		case word.text == "--":
			options = false
		case strings.HasPrefix(word.text, "--"):
			err = r.long(word)
		default:
			err = r.short(word)
		}
		if err != nil {
			return nil, err
		}
	}
	return r.list, nil
}

// An optionReader collects options from words.
type optionReader struct {
	words []argument
	next  int // index of the word that comes next
	list  []curlOption
}

// long reads an option by its long name.
func (r *optionReader) long(word argument) error {
	name, value, assigned := strings.Cut(word.text[2:], "=")
	o := curlOption{name: name, value: value, argument: word}
	if flag, negated := strings.CutPrefix(name, "no-"); negated && curlFlag(flag) {
		o.name, o.negated = flag, true
	}
	switch {
	case strings.HasPrefix(name, "expand-"):
		return &Error{Line: word.line, Value: show("--" + name), Reason: "what curl's variables hold is not read here"}
	case curlFlag(o.name), curlTakesValue(o.name) && assigned:
		r.list = append(r.list, o)
		return nil
	case curlTakesValue(o.name):
		return r.withValue(o, "--"+name)
	}
	return &Error{Line: word.line, Value: show("--" + name), Reason: "curl has no such option"}
}

// short reads the options that one dash introduces, one letter each.
func (r *optionReader) short(word argument) error {
	letters := word.text[1:]
	for letters != "" {
		letter := letters[:1]
		letters = letters[1:]
		o := curlOption{name: curlShort(letter[0]), value: letters, argument: word}
		switch {
		case o.name == "":
			return &Error{Line: word.line, Value: show("-" + letter), Reason: "curl has no such option"}
		case curlFlag(o.name):
			o.value = ""
			r.list = append(r.list, o)
		case letters != "":
			r.list = append(r.list, o)
			return nil
		default:
			return r.withValue(o, "-"+letter)
		}
	}
	if word.text == "-" {
		return &Error{Line: word.line, Value: show(word.text), Reason: "curl has no such option"}
	}
	return nil
}

// withValue takes the next word for the value of an option.
func (r *optionReader) withValue(o curlOption, shown string) error {
	if r.next == len(r.words) {
		return &Error{Line: o.argument.line, Value: show(shown), Reason: "the option wants a value"}
	}
	o.argument = r.words[r.next]
	o.value = o.argument.text
	r.next++
	r.list = append(r.list, o)
	return nil
}

// curlFlag reports whether a long option is a flag.
//
// https://curl.se/docs/manpage.html
func curlFlag(name string) bool {
	switch name {
	case "alpn", "anyauth", "append", "basic", "buffer", "ca-native", "cert-status", "clobber", "compressed", "compressed-ssh",
		"create-dirs", "crlf", "digest", "disable", "disable-eprt", "disable-epsv", "disallow-username-in-url",
		"doh-cert-status", "doh-insecure", "dump-ca-embed", "eprt", "epsv", "fail", "fail-early", "fail-with-body",
		"false-start", "follow", "form-escape", "ftp-create-dirs", "ftp-pasv", "ftp-pret", "ftp-skip-pasv-ip", "ftp-ssl",
		"ftp-ssl-ccc", "ftp-ssl-control", "ftp-ssl-reqd", "get", "globoff", "haproxy-protocol", "head", "http0.9", "http1.0",
		"http1.1", "http2", "http2-prior-knowledge", "http3", "http3-only", "ignore-content-length", "include", "insecure",
		"ipv4", "ipv6", "junk-session-cookies", "keepalive", "list-only", "location", "location-trusted",
		"mail-rcpt-allowfails", "manual", "metalink", "mptcp", "negotiate", "netrc", "netrc-optional", "next", "npn", "ntlm",
		"ntlm-wb", "out-null", "parallel", "parallel-immediate", "path-as-is", "post301", "post302", "post303",
		"progress-bar", "progress-meter", "proxy-anyauth", "proxy-basic", "proxy-ca-native", "proxy-digest", "proxy-http2",
		"proxy-insecure", "proxy-negotiate", "proxy-ntlm", "proxy-ssl-allow-beast", "proxy-ssl-auto-client-cert",
		"proxy-tlsv1", "proxytunnel", "raw", "remote-header-name", "remote-name", "remote-name-all", "remote-time",
		"remove-on-error", "retry-all-errors", "retry-connrefused", "sasl-ir", "sessionid", "show-error", "show-headers",
		"silent", "skip-existing", "socks5-basic", "socks5-gssapi", "socks5-gssapi-nec", "ssl", "ssl-allow-beast",
		"ssl-auto-client-cert", "ssl-no-revoke", "ssl-reqd", "ssl-revoke-best-effort", "sslv2", "sslv3", "styled-output",
		"suppress-connect-headers", "tcp-fastopen", "tcp-nodelay", "tftp-no-options", "tls-earlydata", "tlsv1", "tlsv1.0",
		"tlsv1.1", "tlsv1.2", "tlsv1.3", "tr-encoding", "trace-ids", "trace-time", "use-ascii", "verbose", "version", "xattr":
		return true
	}
	return false
}

// curlTakesValue reports whether a long option takes a value.
func curlTakesValue(name string) bool {
	switch name {
	case "abstract-unix-socket", "alt-svc", "aws-sigv4", "cacert", "capath", "cert", "cert-type", "ciphers", "config",
		"connect-timeout", "connect-to", "continue-at", "cookie", "cookie-jar", "create-file-mode", "crlfile", "curves", "data",
		"data-ascii", "data-binary", "data-raw", "data-urlencode", "delegation", "dns-interface", "dns-ipv4-addr",
		"dns-ipv6-addr", "dns-servers", "doh-url", "dump-header", "ech", "egd-file", "engine", "etag-compare", "etag-save",
		"expect100-timeout", "form", "form-string", "ftp-account", "ftp-alternative-to-user", "ftp-method", "ftp-port",
		"ftp-ssl-ccc-mode", "happy-eyeballs-timeout-ms", "haproxy-clientip", "header", "help", "hostpubmd5", "hostpubsha256",
		"hsts", "interface", "ip-tos", "ipfs-gateway", "json", "keepalive-cnt", "keepalive-time", "key", "key-type",
		"knownhosts", "krb", "krb4", "libcurl", "limit-rate", "local-port", "login-options", "mail-auth", "mail-from",
		"mail-rcpt", "max-filesize", "max-redirs", "max-time", "netrc-file", "noproxy", "oauth2-bearer", "output",
		"output-dir", "parallel-max", "parallel-max-host", "pass", "pinnedpubkey", "preproxy", "proto", "proto-default",
		"proto-redir", "proxy", "proxy-cacert", "proxy-capath", "proxy-cert", "proxy-cert-type", "proxy-ciphers",
		"proxy-crlfile", "proxy-header", "proxy-key", "proxy-key-type", "proxy-pass", "proxy-pinnedpubkey",
		"proxy-service-name", "proxy-tls13-ciphers", "proxy-tlsauthtype", "proxy-tlspassword", "proxy-tlsuser", "proxy-user",
		"proxy1.0", "pubkey", "quote", "random-file", "range", "rate", "referer", "request", "request-target", "resolve",
		"retry", "retry-delay", "retry-max-time", "sasl-authzid", "service-name", "sigalgs", "socks4", "socks4a", "socks5",
		"socks5-gssapi-service", "socks5-hostname", "speed-limit", "speed-time", "ssl-sessions", "stderr", "telnet-option",
		"tftp-blksize", "time-cond", "tls-max", "tls13-ciphers", "tlsauthtype", "tlspassword", "tlsuser", "trace",
		"trace-ascii", "trace-config", "unix-socket", "upload-file", "upload-flags", "url", "url-query", "user", "user-agent",
		"variable", "vlan-priority", "write-out":
		return true
	}
	return false
}

// curlShort returns the long name of a short option, or "".
func curlShort(letter byte) string {
	return map[byte]string{
		'#': "progress-bar", '0': "http1.0", '1': "tlsv1", '2': "sslv2", '3': "sslv3", '4': "ipv4", '6': "ipv6", ':': "next",
		'a': "append", 'A': "user-agent", 'b': "cookie", 'B': "use-ascii", 'c': "cookie-jar", 'C': "continue-at", 'd': "data",
		'D': "dump-header", 'e': "referer", 'E': "cert", 'f': "fail", 'F': "form", 'g': "globoff", 'G': "get", 'h': "help",
		'H': "header", 'i': "show-headers", 'I': "head", 'j': "junk-session-cookies", 'J': "remote-header-name",
		'k': "insecure", 'K': "config", 'l': "list-only", 'L': "location", 'm': "max-time", 'M': "manual", 'n': "netrc",
		'N': "buffer", 'o': "output", 'O': "remote-name", 'p': "proxytunnel", 'P': "ftp-port", 'q': "disable", 'Q': "quote",
		'r': "range", 'R': "remote-time", 's': "silent", 'S': "show-error", 't': "telnet-option", 'T': "upload-file",
		'u': "user", 'U': "proxy-user", 'v': "verbose", 'V': "version", 'w': "write-out", 'x': "proxy", 'X': "request",
		'y': "speed-time", 'Y': "speed-limit", 'z': "time-cond", 'Z': "parallel",
	}[letter]
}
