package input

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/concors/concors/cors/header"
)

// MaxCall is how many bytes of text [ParseCurl] and [ParseFetch] read.
const MaxCall = 4 << 20

// ParseCurl reads one cURL command line: what "Copy as cURL" of a browser gives, in its POSIX form or in the one for
// cmd.exe, or one typed by hand. Nothing is executed and no file is read. The error is an [*Error].
//
// The line is taken for the request that it sends, and what a browser adds to each request is taken out of it again. A
// copied preflight becomes the request that it asks for. Options that only change how curl talks are passed over; an
// option that curl does not have is an error, and so is whatever the text alone does not tell: a variable, a header from a
// file, a pattern of URLs. Where only the content of a body is unknown, a note says so.
func ParseCurl(text string) (*Call, error) {
	words, err := curlWords(text)
	if err != nil {
		return nil, err
	}
	return curlCall(words[1:], words[0].line)
}

// ParseCurlArguments reads what follows curl on a command line that a shell has split already. It is [ParseCurl] in all else.
func ParseCurlArguments(args []string) (*Call, error) {
	words := make([]argument, len(args))
	for i, arg := range args {
		words[i] = argument{text: arg, byBytes: true}
	}
	return curlCall(words, 0)
}

func curlCall(words []argument, line int) (*Call, error) {
	options, err := curlOptions(words)
	if err != nil {
		return nil, err
	}
	c := &curlCommand{line: line, scheme: "http"}
	for _, o := range options {
		if err := c.apply(o); err != nil {
			return nil, err
		}
	}
	request, err := c.request()
	if err != nil {
		return nil, err
	}
	call, err := request.call()
	if err != nil {
		return nil, err
	}
	for _, sentence := range c.notes {
		call.note(sentence)
	}
	return call, nil
}

// curlWords splits the line; the first word is the program.
func curlWords(text string) ([]argument, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	if len(text) > MaxCall {
		return nil, &Error{Reason: fmt.Sprintf("the command line is larger than %d MiB", MaxCall>>20)}
	}
	split := shellArguments
	if isCmd(text) {
		split = cmdArguments
	}
	words, err := split(text)
	if err != nil {
		return nil, err
	}
	for len(words) > 0 && (words[0].text == "$" || isAssignment(words[0].text)) {
		words = words[1:] // a prompt, or the environment of curl
	}
	switch {
	case len(words) == 0:
		return nil, &Error{Reason: "want a cURL command line, and there is none"}
	case isProgram(words[0].text, "curl"), isProgram(words[0].text, "curl.exe"):
		return words, nil
	}
	return nil, &Error{Line: words[0].line, Value: show(words[0].text), Reason: "want a line that starts with curl, as Copy as cURL gives it"}
}

// isAssignment reports whether a word sets a variable for the command that follows.
func isAssignment(word string) bool {
	name, _, found := strings.Cut(word, "=")
	return found && name != "" && strings.Trim(header.Lower(name), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// A curlCommand is what the options of a line add up to.
type curlCommand struct {
	line    int
	url     string
	urlLine int
	globoff bool
	scheme  string // of a URL without one
	query   []string

	method       string
	get, head    bool
	upload       string // what -T names
	hasUpload    bool
	multipart    bool
	data         []byte
	hasData      bool
	unknownBody  bool
	json         bool
	header       header.List
	named        header.List // what -H names, with or without a value
	cookies      []string
	cookieFile   bool
	user, bearer string
	hasUser      bool
	referer      string
	agent        string
	byteRange    string
	modified     string
	insecure     bool
	notes        []string
}

// apply takes over one option. Those that do not decide what a server is asked for are left out here.
func (c *curlCommand) apply(o curlOption) error {
	fail := func(reason string) error {
		return &Error{Line: o.argument.line, Path: "--" + o.name, Reason: reason}
	}
	switch o.name {
	case "url":
		return c.setURL(o)
	case "url-query":
		c.addQuery(o.value)
	case "globoff":
		c.globoff = !o.negated
	case "proto-default":
		c.scheme = o.value
	case "request":
		c.method = o.value
	case "get":
		c.get = !o.negated
	case "head":
		c.head = !o.negated
	case "header":
		return c.addHeader(o)
	case "data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json":
		c.addData(o)
	case "form", "form-string":
		c.multipart, c.unknownBody = true, true
	case "upload-file":
		c.upload, c.hasUpload, c.unknownBody = o.value, o.value != "", o.value != ""
	case "cookie":
		switch {
		case strings.Contains(o.value, "="):
			c.cookies = append(c.cookies, o.value)
		case o.value != "":
			c.cookieFile = true
		}
	case "user":
		c.user, c.hasUser = o.value, true
	case "oauth2-bearer":
		c.bearer = o.value
	case "referer":
		c.referer = strings.TrimSuffix(o.value, ";auto")
	case "user-agent":
		c.agent = o.value
	case "range":
		c.byteRange = o.value
	case "time-cond":
		c.modified = o.value
	case "insecure":
		c.insecure = !o.negated
	case "digest", "ntlm", "ntlm-wb", "negotiate", "anyauth", "netrc", "netrc-optional", "netrc-file":
		c.notes = append(c.notes, "What --"+o.name+" adds to the request is not known, and is left out.")
	case "next":
		return fail("it starts a second request: give one at a time")
	case "config":
		return fail("it reads options from a file, and no file is read here: put them on the line")
	case "variable":
		return fail("what curl's variables hold is not read here")
	case "aws-sigv4":
		return fail("the headers of its signature are not known here: give those that a page would send with -H")
	case "etag-compare":
		return fail("it reads a header from a file, and no file is read here: give it with -H")
	}
	return nil
}

func (c *curlCommand) setURL(o curlOption) error {
	var reason string
	switch {
	case o.value == "":
		reason = "the URL is empty"
	case c.url != "":
		reason = "a second URL: give one request at a time, and put what has spaces in quotes"
	case strings.HasPrefix(o.value, "@"):
		reason = "it reads URLs from a file, and no file is read here"
	}
	if reason != "" {
		return &Error{Line: o.argument.line, Path: "--url", Value: showURL(o.value), Reason: reason}
	}
	c.url, c.urlLine = o.value, o.argument.line
	return nil
}

// addHeader takes a header that -H gives. A name alone, ended by a semicolon, has an empty value; one without a value
// only keeps curl from sending its own.
//
// https://curl.se/docs/manpage.html#-H
func (c *curlCommand) addHeader(o curlOption) error {
	text := o.value
	if strings.HasPrefix(text, "@") {
		return &Error{Line: o.argument.line, Path: "--header", Reason: "it reads headers from a file, and no file is read here: put them on the line"}
	}
	name, value, found := strings.Cut(text, ":")
	value = strings.Trim(value, " \t\r\n")
	switch empty, rest, ended := strings.Cut(text, ";"); {
	case found && value != "":
		o.argument.text = value
		c.header = append(c.header, header.Field{Name: name, Value: headerBytes(o.argument)})
	case found:
	case ended && strings.TrimSpace(rest) == "":
		name = empty
		c.header = append(c.header, header.Field{Name: name})
	default:
		c.notes = append(c.notes, "A value of -H that has no colon is left out, as curl does.")
		return nil
	}
	c.named = append(c.named, header.Field{Name: name})
	return nil
}

// headerBytes returns the bytes of a header value. Developer tools show each byte of a value as the character of its
// number, and so does a script write it; what has other characters is UTF-8, as curl sends it.
func headerBytes(a argument) string {
	if a.byBytes || !utf8.ValidString(a.text) {
		return a.text
	}
	if value, beyond := latin1(a.text); beyond == 0 {
		return value
	}
	return a.text
}

// addData adds to the body, as curl joins what several options give.
func (c *curlCommand) addData(o curlOption) {
	text := o.value
	switch o.name {
	case "json":
		c.json = true
	case "data-urlencode":
		var fromFile bool
		text, fromFile = urlEncoded(text)
		c.unknownBody = c.unknownBody || fromFile
	}
	if o.name != "data-raw" && o.name != "data-urlencode" && strings.HasPrefix(text, "@") {
		text, c.unknownBody = "", true
	}
	if len(c.data) > 0 && o.name != "json" {
		c.data = append(c.data, '&')
	}
	c.data, c.hasData = append(c.data, text...), true
}

// urlEncoded encodes what stands behind the first equals sign, or all of the text. Without one, what stands behind an at
// sign names a file.
//
// https://curl.se/docs/manpage.html#--data-urlencode
func urlEncoded(text string) (encoded string, fromFile bool) {
	name, content, assigned := strings.Cut(text, "=")
	switch before, _, isFile := strings.Cut(text, "@"); {
	case assigned && name != "":
		return name + "=" + url.QueryEscape(content), false
	case assigned:
		return url.QueryEscape(content), false
	case isFile && before != "":
		return before + "=", true
	case isFile:
		return "", true
	}
	return url.QueryEscape(text), false
}
