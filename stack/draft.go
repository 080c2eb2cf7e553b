package stack

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/origin"
)

// A Draft is a policy file that says what configuration means. The zero value is an empty one.
type Draft struct {
	Policies []DraftPolicy
	Routes   []DraftRoute
}

// A DraftPolicy is what pages are allowed somewhere. Lists may be empty.
type DraftPolicy struct {
	Name            string
	Origins         []string // as a policy file has them
	Methods         []string
	RequestHeaders  []string
	ResponseHeaders []string
	Credentials     bool
	MaxAge          string // whole seconds; empty for none
	Null            bool   // the origin null
}

// A DraftRoute says where a policy counts.
type DraftRoute struct {
	Host     string // empty for any
	Path     string
	Policy   string // empty for none
	Upstream string // empty where it is not known who answers
}

// Add adds a policy, unless there is one that allows the same, and returns the name that it has. A name that is taken gets a
// number.
func (d *Draft) Add(p DraftPolicy) string {
	taken := map[string]bool{}
	for _, other := range d.Policies {
		taken[other.Name] = true
		if p.equal(&other) {
			return other.Name
		}
	}
	name := p.Name
	for n := 2; taken[p.Name]; n++ {
		p.Name = fmt.Sprintf("%s-%d", name, n)
	}
	d.Policies = append(d.Policies, p)
	return p.Name
}

func (p *DraftPolicy) equal(q *DraftPolicy) bool {
	return slices.Equal(p.Origins, q.Origins) && slices.Equal(p.Methods, q.Methods) && slices.Equal(p.RequestHeaders, q.RequestHeaders) &&
		slices.Equal(p.ResponseHeaders, q.ResponseHeaders) && p.Credentials == q.Credentials && p.MaxAge == q.MaxAge && p.Null == q.Null
}

// Text writes the file. What is dangerous in it has the key that says so.
func (d *Draft) Text() string {
	var b strings.Builder
	b.WriteString("version: 1\npolicies:\n")
	if len(d.Policies) == 0 {
		b.WriteString("  {}\n")
	}
	for i := range d.Policies {
		d.Policies[i].write(&b)
	}
	if len(d.Routes) > 0 {
		b.WriteString("routes:\n")
	}
	for _, r := range d.Routes {
		fmt.Fprintf(&b, "  - path: %s\n", scalar(r.Path))
		if r.Host != "" {
			fmt.Fprintf(&b, "    host: %s\n", scalar(r.Host))
		}
		if r.Policy != "" {
			fmt.Fprintf(&b, "    policy: %s\n", scalar(r.Policy))
		}
		if r.Upstream != "" {
			fmt.Fprintf(&b, "    upstream: %s\n", scalar(r.Upstream))
		}
	}
	return b.String()
}

func (p *DraftPolicy) write(b *strings.Builder) {
	fmt.Fprintf(b, "  %s:\n", scalar(p.Name))
	list := func(key string, items []string) {
		if len(items) == 0 && key != "origins" {
			return
		}
		quoted := make([]string, len(items))
		for i, item := range items {
			quoted[i] = scalar(item)
		}
		fmt.Fprintf(b, "    %s: [%s]\n", key, strings.Join(quoted, ", "))
	}
	list("origins", p.Origins)
	list("methods", p.Methods)
	list("request_headers", p.RequestHeaders)
	list("response_headers", p.ResponseHeaders)
	if p.Credentials {
		b.WriteString("    credentials: true\n")
	}
	if p.MaxAge != "" {
		fmt.Fprintf(b, "    max_age: %s\n", p.MaxAge)
	}
	if p.Null {
		b.WriteString("    dangerously_allow_null: true\n")
	}
	if !p.Credentials {
		return
	}
	var insecure bool
	var suffixes []string
	for _, text := range p.Origins {
		if text == "*" {
			b.WriteString("    dangerously_allow_any_origin_with_credentials: true\n")
		}
		pattern, err := origin.ParsePattern(text)
		if err != nil {
			continue
		}
		insecure = insecure || pattern.Scheme() == "http" && !pattern.IsLoopback()
		if suffix, ok := pattern.UnderPublicSuffix(); ok && !slices.Contains(suffixes, suffix) {
			suffixes = append(suffixes, suffix)
		}
	}
	if insecure {
		b.WriteString("    dangerously_allow_insecure_origins: true\n")
	}
	list("dangerously_allow_public_suffixes", suffixes)
}

// scalar writes a text as YAML, in quotes unless it is certain that it needs none.
func scalar(s string) string {
	plain := strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/._") == "" && s != ""
	schemed := strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	if schemed != s {
		host, port, hasPort := strings.Cut(schemed, ":")
		plain = strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") == "" && strings.Trim(port, "0123456789") == "" && (!hasPort || port != "")
	}
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "none":
		plain = false
	}
	if plain && schemed == s {
		_, err := strconv.ParseFloat(s, 64)
		_, addr := netip.ParseAddr(s)
		first := s[0]
		plain = err != nil && addr != nil && first != '-' && first != '.'
	}
	if plain {
		return s
	}
	return strconv.Quote(s)
}
