package verify

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/internal/secrets"
	"github.com/concors/concors/policyfile"
)

// Options say which server is asked, and how much. URL is required; the zero value of each other field is a good choice.
type Options struct {
	// URL is the server: scheme, host and port; and a path, at which the policy is, where the file has no routes or Policy is
	// given.
	URL string

	// Policy names the policy to verify at URL, whatever the routes say. Empty means the routes, or the only policy.
	Policy string

	// ErrorPaths are paths whose answers are errors, or another odd case: their responses must have the headers too.
	ErrorPaths []string

	MaxChecks   int           // 0 means 2000; the checks beyond are told as not verified
	Concurrency int           // checks at a time; 0 means 4
	RequestTime time.Duration // for each fetch, redirects included; 0 means 10 seconds
	MaxTime     time.Duration // for the whole run; 0 means 2 minutes

	ShowSecrets bool // in results
}

// The defaults of Options.
const (
	defaultMaxChecks   = 2000
	defaultConcurrency = 4
	defaultRequestTime = 10 * time.Second
	defaultMaxTime     = 2 * time.Minute
)

// A Plan is the checks that pin a policy file down on a server. It is read-only and safe for concurrent use. Make one with
// [NewPlan].
type Plan struct {
	options Options
	url     string // of the server, without a slash at its end
	checks  []check
	unseen  []NotVerified
}

// A check is one expectation. Its name is stable.
type check struct {
	name, want string
	run        func(*asker) verdict
}

// NewPlan makes the checks for a file and a server. It does no I/O. The error says what is wrong with the options.
func NewPlan(file *policyfile.File, o Options) (*Plan, error) {
	o = o.withDefaults()
	base, err := parseBase(o.URL)
	if err != nil {
		return nil, err
	}
	for _, path := range o.ErrorPaths {
		if u, err := weburl.Parse(base.server+path, nil); !strings.HasPrefix(path, "/") || err != nil || u.RequestTarget() != path {
			return nil, fmt.Errorf("invalid error path %q: want one that begins with a slash, as a browser writes it", secrets.InLine(path))
		}
	}
	p := &Plan{options: o, url: base.server}
	places, err := placesOf(file, base, &o)
	if err != nil {
		return nil, err
	}
	total := 0
	for i := range places {
		total += len(places[i].checks())
	}
	share := total // of each place, so that none goes without a check for another
	if total > o.MaxChecks {
		share = max(o.MaxChecks/len(places), 1)
	}
	for i := range places {
		list := places[i].checks()
		p.checks = append(p.checks, list[:min(len(list), share, o.MaxChecks-len(p.checks))]...)
		p.unseen = append(p.unseen, places[i].unseen()...)
	}
	p.unseen = append(p.unseen, otherHosts(file, base, &o)...)
	if n := total - len(p.checks); n > 0 {
		p.unseen = append(p.unseen, NotVerified{Name: fmt.Sprintf("%d more checks", n), Reason: fmt.Sprintf("the file calls for more than %d", o.MaxChecks)})
	}
	return p, nil
}

func (o Options) withDefaults() Options {
	if o.MaxChecks <= 0 {
		o.MaxChecks = defaultMaxChecks
	}
	if o.Concurrency <= 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.RequestTime <= 0 {
		o.RequestTime = defaultRequestTime
	}
	if o.MaxTime <= 0 {
		o.MaxTime = defaultMaxTime
	}
	return o
}

// A base is the URL of a server.
type base struct {
	server string // scheme, host and port
	host   string // as a Host header has it, without the port
	path   string // empty for none
}

func parseBase(text string) (base, error) {
	u, err := weburl.Parse(text, nil)
	switch {
	case text == "":
		return base{}, errors.New("no URL is given")
	case err != nil || u.Scheme != "http" && u.Scheme != "https":
		return base{}, errors.New("invalid URL: want one of http or https")
	case strings.Contains(text, "@"): // what is not shown may be a secret
		return base{}, errors.New("invalid URL: it has a user name or a password, with which no page can fetch it")
	case strings.ContainsAny(text, "?#"):
		return base{}, errors.New("invalid URL: want scheme, host, port and path only")
	}
	b := base{host: u.Host, path: u.Path}
	b.server = (&weburl.URL{Scheme: u.Scheme, Host: u.Host, HasHost: true, Port: u.Port}).String()
	b.server = strings.TrimSuffix(b.server, "/")
	if b.path == "/" {
		b.path = ""
	}
	return b, nil
}

// placesOf are the places of a file on a server.
func placesOf(file *policyfile.File, b base, o *Options) ([]place, error) {
	if o.Policy != "" || len(file.Routes) == 0 {
		policy, err := file.Policy(o.Policy)
		if err != nil {
			return nil, err
		}
		path := b.path
		if path == "" {
			path = "/"
		}
		name := path
		if strings.HasSuffix(path, "/") {
			name += "*"
		}
		p := newPlace(b.server, path, policyfile.Place{Name: name, Path: path, Policy: policy}, originsOf(policy, file, b.server))
		for _, path := range o.ErrorPaths {
			p.errors = append(p.errors, b.server+path)
		}
		return []place{p}, nil
	}
	if b.path != "" {
		return nil, fmt.Errorf("invalid URL: the file has routes, which have the paths; leave %q out", secrets.InLine(b.path))
	}
	var list []place
	known := map[*cors.Policy]origins{} // many places share a policy
	for _, at := range file.Places(b.host) {
		if _, there := known[at.Policy]; !there {
			known[at.Policy] = originsOf(at.Policy, file, b.server)
		}
		p := newPlace(b.server, escaped(at.Path), at, known[at.Policy])
		for _, path := range o.ErrorPaths {
			if p.isOf(file.Route(b.host, unescaped(path), "GET", nil)) {
				p.errors = append(p.errors, b.server+path)
			}
		}
		p.wantsHeaders = p.Takes("GET") && file.Route(b.host, p.sample(), "GET", nil) != nil && file.Route(b.host, p.sample(), "GET", map[string][]string{}) == nil
		list = append(list, p)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no route of the file is for the host %s", b.host)
	}
	for _, path := range o.ErrorPaths {
		if file.Route(b.host, unescaped(path), "GET", nil) == nil {
			return nil, fmt.Errorf("invalid error path %q: no route of the file takes it", secrets.InLine(path))
		}
	}
	return list, nil
}

// escaped is the path of a route as a URL has it. Routes are compared with decoded paths, so a percent sign is one; what else has
// to be escaped the browser escapes.
func escaped(path string) string { return strings.ReplaceAll(path, "%", "%25") }

// unescaped is the path of a request's target, as routes have it.
func unescaped(target string) string {
	path, _, _ := strings.Cut(target, "?")
	if decoded, err := url.PathUnescape(path); err == nil {
		return decoded
	}
	return path
}

// otherHosts tells of routes that are not on the server.
func otherHosts(file *policyfile.File, b base, o *Options) []NotVerified {
	if o.Policy != "" {
		return nil
	}
	var list []NotVerified
	seen := map[string]bool{}
	for i := range file.Routes {
		if host := file.Routes[i].Host; host != "" && host != b.host && !seen[host] {
			seen[host] = true
			list = append(list, NotVerified{Name: "routes of the host " + host, Reason: "the URL is of another host; verify them with a URL of this one"})
		}
	}
	return list
}

// config is what a policy was made from; the zero value for none.
func config(p *cors.Policy) cors.Config {
	if p == nil {
		return cors.Config{}
	}
	return p.Config()
}
