package policyfile

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/report"
)

// maxAccounts is how many accounts a route may have.
const maxAccounts = 1000

// The cost of a bcrypt hash doubles the work with each step. Less than the first is quickly guessed; more than the second
// takes seconds for each request.
const (
	leastCost = 10
	mostCost  = 15
)

// bcryptHash is a bcrypt hash: version, cost, salt and hash. It is read-only.
var bcryptHash = regexp.MustCompile(`^\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}$`)

// basicAuth reads who may use a route: names, and bcrypt hashes of their passwords. What stands there may be a password, and is never shown.
func (r *reader) basicAuth(v value) []Account {
	r.hide(v)
	var list []Account
	ok := r.entries(v, "basic_auth", func(name string, at place, item value) {
		switch {
		case len(list) == maxAccounts:
			r.add(at, report.Error, "too-large", "the route has more than "+strconv.Itoa(maxAccounts)+" accounts", "let another server decide, with forward_auth")
			return
		case name == "" || strings.ContainsFunc(name, func(c rune) bool { return c == ':' || c < ' ' || c == 0x7F }):
			r.add(at, report.Error, "account-name", show(name)+" is not a name that HTTP authentication can have", "write a name without a colon and control characters")
			return
		}
		if hash, ok := r.hash(item); ok {
			list = append(list, Account{Name: name, Hash: hash})
		}
	})
	if ok && len(v.node.Content) == 0 {
		r.wrong(v, "account-missing", "add an account: a name and a bcrypt hash, or leave the key out", "basic_auth has no account, so nobody could use the route")
	}
	return list
}

// hash reads a bcrypt hash.
func (r *reader) hash(v value) (string, bool) {
	const fix = "write its bcrypt hash, which concors-gateway hash-password makes"
	if r.ignored(v) {
		return "", false
	}
	text, ok := "", v.node.Kind == yaml.ScalarNode && v.node.Tag != "!!null"
	if ok {
		if text, ok = r.expand(v, r.unmarked(v)); !ok {
			return "", false
		}
	}
	if text == "" {
		r.wrong(v, "account-hash", fix, "there is no password hash")
		return "", false
	}
	m := bcryptHash.FindStringSubmatch(text)
	if m == nil {
		why := "the value is not a bcrypt hash; a password in plain text must not stand in a file"
		if strings.HasPrefix(text, "$") || strings.HasPrefix(text, "{") {
			why = "the value is not a bcrypt hash: such a one begins with $2a$, $2b$ or $2y$, and has 60 characters"
		}
		r.wrong(v, "account-hash", fix, "%s", why)
		return "", false
	}
	switch cost, _ := strconv.Atoi(m[1]); {
	case cost < 4 || cost > 31:
		r.wrong(v, "account-hash", fix, "the hash has a cost of %d, and bcrypt knows 4 to 31", cost)
		return "", false
	case cost < leastCost:
		r.add(v.at, report.Warning, "account-cost", "the hash has a cost of "+strconv.Itoa(cost)+": who gets hold of it guesses the password quickly", "make a hash of cost 12 or more")
	case cost > mostCost:
		r.add(v.at, report.Warning, "account-cost", "the hash has a cost of "+strconv.Itoa(cost)+": each request with a password keeps a processor busy for seconds, whoever sends it", "make a hash of cost 12 to 14")
	}
	return text, true
}

// hide keeps the lines of a value, and of all that is in it, from being shown.
func (r *reader) hide(v value) {
	if v.node == nil {
		return
	}
	pending := []*yaml.Node{v.node}
	for n := 0; len(pending) > 0 && n < 4*maxAccounts; n++ {
		node := pending[len(pending)-1]
		pending = append(pending[:len(pending)-1], node.Content...)
		if node.Kind == yaml.AliasNode {
			pending = append(pending, node.Alias)
		}
		if node.Kind == yaml.ScalarNode {
			for i := range strings.Count(node.Value, "\n") + 2 {
				r.hideLine(node.Line + i)
			}
		}
	}
}

// hideLine keeps a line from being shown.
func (r *reader) hideLine(line int) {
	if r.secretLines == nil {
		r.secretLines = map[int]bool{}
	}
	r.secretLines[line] = true
}

// rawForward is a server that is asked, as the file has it.
type rawForward struct {
	url, copy value
}

func (raw *rawForward) keys() []key {
	return []key{
		{name: "url", required: true, schema: text(`^https?://|\$\{`), read: raw.url.set,
			doc: "The URL that is asked, with the request's headers: http or https, a host, a path. The request passes when the answer's status is 2xx; any other answer is the client's."},
		{name: "copy", schema: listOf(text(headerSchema)), read: raw.copy.set,
			doc: "Headers of the answer that the request gets, in the place of its own."},
	}
}

// forwardAuth reads which server is asked whether a request may pass.
func (r *reader) forwardAuth(v value) *ForwardAuth {
	var raw rawForward
	if !r.mapping(v, v.at, "forward_auth", raw.keys()) {
		return nil
	}
	const rule = "forward-auth"
	f := new(ForwardAuth)
	if raw.url.node != nil {
		text, ok := r.text(raw.url, "url")
		u, err := weburl.Parse(text, nil)
		switch {
		case !ok:
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			r.wrong(raw.url, rule, "write the URL to ask: http://127.0.0.1:9091/verify", "url is not a URL of http or https with a host")
		case strings.Contains(text, "@"):
			r.wrong(raw.url, rule, "leave them out; let the server trust the network", "url has a user name or a password")
		case u.HasFragment:
			r.wrong(raw.url, rule, "write it without # and what follows", "url has a fragment, which no server sees")
		default:
			f.URL = u.String()
		}
	}
	if raw.copy.node != nil {
		for _, name := range r.headerNames(raw.copy) {
			if header.EqualFold(name.text, "Host") || isConnectionHeader(name.text) {
				r.add(name.at, report.Error, "header-connection", show(name.text)+" is about a connection, or where a request goes, and is not copied", "leave it out")
			}
			f.Copy = append(f.Copy, name.text)
		}
	}
	return f
}
