package policyfile

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/report"
)

// The bounds of an upstream.
const (
	maxServers = 100
	maxRetries = 10
)

// rawUpstream is an upstream as the file has it, where it is more than URLs.
type rawUpstream struct {
	to, balance, health, retries, connect, response, ownHost, ca value
}

func (raw *rawUpstream) keys() []key {
	return []key{
		{name: "to", required: true, schema: textOrList(upstreamSchema), read: raw.to.set,
			doc: "The servers: http or https, a host, and a port; all of one scheme. They see the path unchanged unless rewrite changes it."},
		{name: "balance", schema: oneOf(balances()), read: raw.balance.set,
			doc: "Which server is asked: round_robin (the default), least_conn, random, first (the first that is well), ip_hash or cookie (the same for one client)."},
		{name: "health", schema: reference("health"), read: raw.health.set,
			doc: "A request that is sent to each server now and then; one that does not answer it as it should gets no others."},
		{name: "retries", schema: countSchema(0, maxRetries), read: raw.retries.set,
			doc: "How often a request that could not be sent is sent to another server. Default 0."},
		{name: "connect", schema: durationSchema(1), read: raw.connect.set,
			doc: "How long connecting may take."},
		{name: "response", schema: durationSchema(1), read: raw.response.set,
			doc: "How long a server may take up to the header of its response."},
		{name: "own_host", schema: boolean(), read: raw.ownHost.set,
			doc: "Whether servers see their own host in the header Host, instead of that of the request. Default false."},
		{name: "ca", schema: text(""), read: raw.ca.set,
			doc: "A PEM file with the authority that the servers' certificates are of, relative to the policy file's folder. Default: those of the system."},
	}
}

func balances() []string {
	return []string{string(RoundRobin), string(LeastConn), string(Random), string(First), string(IPHash), string(Cookie)}
}

// upstream reads the servers that answer a route: a URL, a list of URLs, or a mapping. The places are those of the servers.
func (r *reader) upstream(v value) (*Upstream, []place) {
	if r.ignored(v) {
		return nil, nil
	}
	if n := v.node; n.Kind == yaml.ScalarNode && n.Style == 0 && n.Tag == "!!int" {
		r.wrong(v, "upstream-invalid", "write scheme, host and port: http://127.0.0.1:"+n.Value, "upstream is a number, and has to be a URL")
		return nil, nil
	}
	u := new(Upstream)
	if !v.isMapping() {
		return u, r.servers(v, u)
	}
	var raw rawUpstream
	if !r.mapping(v, v.at, "upstream", raw.keys()) {
		return nil, nil
	}
	var places []place
	if raw.to.node != nil {
		places = r.servers(raw.to, u)
	}
	if raw.balance.node != nil {
		text, _ := r.oneOf(raw.balance, "balance", balances())
		u.Balance = Balance(text)
	}
	if raw.health.node != nil {
		u.Health = r.health(raw.health)
	}
	if raw.retries.node != nil {
		u.Retries = r.number(raw.retries, "retries", 0, maxRetries)
	}
	if raw.connect.node != nil {
		u.Connect = r.duration(raw.connect, "connect")
	}
	if raw.response.node != nil {
		u.Response = r.duration(raw.response, "response")
	}
	if raw.ownHost.node != nil {
		u.OwnHost, _ = r.boolean(raw.ownHost, "own_host")
	}
	u.CA = r.path(raw.ca, "ca")
	if raw.ca.node != nil && len(u.To) > 0 && strings.HasPrefix(u.To[0], "http:") {
		r.add(raw.ca.key, report.Error, "upstream-ca", "ca is for servers of https, and these are of http", "leave it out, or write https://")
	}
	return u, places
}

// servers reads the URLs of an upstream, and returns their places.
func (r *reader) servers(v value, u *Upstream) []place {
	var places []place
	for _, one := range r.itemOrItems(v, "upstream", maxServers).list {
		origin, ok := r.server(one)
		if !ok {
			continue
		}
		if i := slices.Index(u.To, origin); i >= 0 {
			r.add(one.at, report.Error, "upstream-twice", "the server stands in line "+lineOf(places[i])+" already", "leave one of the two out; balance says how they are asked")
			continue
		}
		if len(u.To) > 0 && schemeOf(u.To[0]) != schemeOf(origin) {
			r.add(one.at, report.Error, "upstream-schemes", "the server is of scheme "+schemeOf(origin)+", and the one in line "+lineOf(places[0])+" of "+schemeOf(u.To[0]), "write servers of one scheme, or two routes")
			continue
		}
		u.To, places = append(u.To, origin), append(places, one.at)
	}
	return places
}

func schemeOf(url string) string {
	scheme, _, _ := strings.Cut(url, ":")
	return scheme
}

// server is the origin of a server, after telling what is wrong with its URL. What stands before the host may be a secret and is
// not shown.
func (r *reader) server(one item) (string, bool) {
	const rule = "upstream-invalid"
	refuse := func(why, fix string) (string, bool) {
		r.add(one.at, report.Error, rule, "upstream "+why, fix)
		return "", false
	}
	u, err := weburl.Parse(one.text, nil)
	switch {
	case !strings.Contains(one.text, "://"):
		return refuse("has no scheme", "write http:// or https:// before it")
	case err != nil || u.Host == "":
		return refuse("is not a URL with a host", "write scheme, host and port: http://127.0.0.1:3000")
	case u.Scheme != "http" && u.Scheme != "https":
		return refuse("is of scheme "+u.Scheme+", and has to be of http or https", "write http:// or https://")
	case strings.Contains(one.text, "@"):
		return refuse("has a user name or a password", "leave them out; let the server trust the network, or add the header with set_request_headers")
	case strings.ContainsAny(one.text, "?#"):
		return refuse("has a query or a fragment, and requests have their own", "write it without")
	case u.Path != "" && u.Path != "/":
		return refuse("has a path, and the server sees that of the request", "write scheme, host and port only; rewrite changes the path")
	case u.Port == 0:
		return refuse("has port 0, and no server has that", "write the port of the server")
	}
	origin := u.Scheme + "://" + u.Host
	if u.Port > 0 {
		origin += ":" + strconv.Itoa(u.Port)
	}
	return origin, true
}

// rawHealth is a health check as the file has it.
type rawHealth struct {
	path, interval, timeout, status value
}

func (raw *rawHealth) keys() []key {
	return []key{
		{name: "path", required: true, schema: text(`^/|\$\{`), read: raw.path.set,
			doc: "The path that is asked for, with a query if it has one."},
		{name: "interval", schema: durationSchema(1), read: raw.interval.set,
			doc: "How long it is between two requests."},
		{name: "timeout", schema: durationSchema(1), read: raw.timeout.set,
			doc: "How long the server may take to answer."},
		{name: "status", schema: countSchema(200, 599), read: raw.status.set,
			doc: "The status of the answer of a server that is well. Default: any from 200 to 299."},
	}
}

// health reads how servers are asked whether they are well.
func (r *reader) health(v value) *HealthCheck {
	var raw rawHealth
	if !r.mapping(v, v.at, "health", raw.keys()) {
		return nil
	}
	h := new(HealthCheck)
	if raw.path.node != nil {
		if text, ok := r.text(raw.path, "path"); ok && r.checkTarget(raw.path, text, "health-path") {
			h.Path = text
		}
	}
	if raw.interval.node != nil {
		h.Interval = r.duration(raw.interval, "interval")
	}
	if raw.timeout.node != nil {
		h.Timeout = r.duration(raw.timeout, "timeout")
	}
	if raw.status.node != nil {
		h.Status = r.number(raw.status, "status", 200, 599)
	}
	if h.Interval > 0 && h.Timeout > h.Interval {
		r.add(raw.timeout.at, report.Warning, "health-timeout", "timeout is longer than interval, so that the next request is sent before a slow server has answered", "write a shorter timeout, or a longer interval")
	}
	return h
}

// checkTarget tells what is wrong with a path and query that the gateway asks for.
func (r *reader) checkTarget(v value, text, rule string) bool {
	u, err := weburl.Parse("http://host.invalid"+text, nil)
	switch {
	case !strings.HasPrefix(text, "/"):
		r.wrong(v, rule, "write "+quoted("/"+text), "a path begins with a slash")
	case err != nil || u.HasFragment || u.RequestTarget() != text:
		r.wrong(v, rule, "write it as browsers do: without # and what follows, and with %20 for a space", "no request has such a path")
	default:
		return true
	}
	return false
}

// isMapping reports whether a value is a mapping that is meant as one: a URL with a colon at its end is one to YAML.
func (v value) isMapping() bool {
	if v.node.Kind != yaml.MappingNode {
		return false
	}
	return len(v.node.Content) != 2 || !strings.HasPrefix(v.node.Content[0].Value, "http")
}
