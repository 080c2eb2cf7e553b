package policyfile

import (
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/report"
)

// The bounds of what is about serving.
const (
	maxAddresses = 100
	maxProxies   = 1000
)

// rawGateway is what the file, or one of its environments, says about serving.
type rawGateway struct {
	listen, tls, admin, metrics, health, storage, proxies, accessLog, tracing, drain, limits value
}

func (raw *rawGateway) keys() []key {
	return []key{
		{name: "listen", schema: textOrList(""), read: raw.listen.set,
			doc: "The addresses to listen on, host and port each: :8080 for all addresses of the machine, 127.0.0.1:8080 for itself only."},
		{name: "tls", schema: orNone(reference("tls")), read: raw.tls.set,
			doc: "Where certificates come from. Without it, or with none, the gateway speaks plain HTTP."},
		{name: "admin", schema: text(""), read: raw.admin.set,
			doc: "An address for the administration of the gateway; who reaches it can change everything. Default none."},
		{name: "metrics", schema: text(""), read: raw.metrics.set,
			doc: "An address where metrics are read. Default none."},
		{name: "health", schema: text(""), read: raw.health.set,
			doc: "An address where it can be asked whether the gateway is well. Default none."},
		{name: "storage", schema: text(""), read: raw.storage.set,
			doc: "The folder for certificates and keys that the gateway gets by itself, relative to the policy file's. Nothing is written without one."},
		{name: "trusted_proxies", schema: textOrList(""), read: raw.proxies.set,
			doc: "Addresses, or ranges such as 10.0.0.0/8, of proxies whose Forwarded headers tell the client's address."},
		{name: "access_log", schema: text(""), read: raw.accessLog.set,
			doc: "Where a line for each request goes: stdout, stderr, or a file relative to the policy file's folder. Default none."},
		{name: "tracing", schema: boolean(), read: raw.tracing.set,
			doc: "Whether requests are part of traces of OpenTelemetry, which are sent as the variables OTEL_* of the environment say. Default false."},
		{name: "drain", schema: durationSchema(1), read: raw.drain.set,
			doc: "How long requests in flight have when the gateway stops."},
		{name: "limits", schema: reference("limits"), read: raw.limits.set,
			doc: "What a client may take: time and size."},
	}
}

// over is a gateway with the keys of another in the place of its own.
func (raw rawGateway) over(with *rawGateway) *rawGateway {
	for _, f := range []struct{ to, from *value }{
		{&raw.listen, &with.listen}, {&raw.tls, &with.tls}, {&raw.admin, &with.admin}, {&raw.metrics, &with.metrics}, {&raw.health, &with.health},
		{&raw.storage, &with.storage}, {&raw.proxies, &with.proxies}, {&raw.accessLog, &with.accessLog}, {&raw.tracing, &with.tracing}, {&raw.drain, &with.drain}, {&raw.limits, &with.limits},
	} {
		if f.from.node != nil {
			*f.to = *f.from
		}
	}
	return &raw
}

// serving is a Gateway as it is read, with what the checks of it and the routes need.
type serving struct {
	Gateway
	env                 string // empty for the file itself
	addresses           []address
	storageFor          string // what needs a storage; empty for nothing
	storageForAt, keyAt place
	storageAt, logAt    place
	tlsSet              bool // whatever may be wrong with it
}

// readServing reads how the gateway serves: the file's own, and that of each environment that has another. The first is the
// one to use. Without a word about it in the file there is one all the same: the routes are checked with it.
func (r *reader) readServing(v value, environments []environment) []*serving {
	base := new(rawGateway)
	if v.node != nil {
		r.mapping(v, v.key, "the gateway", base.keys())
	}
	list := []*serving{r.serving(base, "")}
	for i := range environments {
		e := &environments[i]
		if e.gateway == nil {
			continue
		}
		used := e.name == r.options.Env
		if !used {
			r.unset = new([]unsetVariable)
		}
		s := r.serving(base.over(e.gateway), e.name)
		r.unset = nil
		if list = append(list, s); used {
			list[0], list[len(list)-1] = s, list[0]
		}
	}
	return list
}

func (r *reader) serving(raw *rawGateway, env string) *serving {
	s := &serving{env: env, storageAt: raw.storage.at, logAt: raw.accessLog.at}
	if raw.listen.node != nil {
		for _, one := range r.addresses(raw.listen) {
			s.Listen = append(s.Listen, one.String())
			s.addresses = append(s.addresses, one)
		}
	}
	if raw.tls.node != nil && !r.isNone(raw.tls) {
		s.TLS, s.tlsSet = r.tls(raw.tls, s), true
	}
	for _, f := range []struct {
		to   *string
		v    value
		what string
	}{{&s.Admin, raw.admin, "admin"}, {&s.Metrics, raw.metrics, "metrics"}, {&s.Health, raw.health, "health"}} {
		if a, ok := r.writtenAddress(f.v, f.what); ok {
			*f.to = a.String()
			s.addresses = append(s.addresses, a)
		}
	}
	s.Storage = r.path(raw.storage, "storage")
	if raw.proxies.node != nil {
		s.TrustedProxies = r.proxies(raw.proxies)
	}
	if raw.accessLog.node != nil && !r.isNone(raw.accessLog) {
		s.AccessLog = r.accessLog(raw.accessLog)
	}
	if raw.tracing.node != nil {
		s.Tracing, _ = r.boolean(raw.tracing, "tracing")
	}
	if raw.drain.node != nil {
		s.Drain = r.duration(raw.drain, "drain")
	}
	if raw.limits.node != nil {
		r.mapping(raw.limits, raw.limits.key, "limits", s.Limits.keys(r))
	}
	r.checkServing(s, raw.storage.node != nil && !r.isNone(raw.storage))
	return s
}

// addresses reads what to listen on.
func (r *reader) addresses(v value) []address {
	if r.ignored(v) || v.node.Kind != yaml.SequenceNode {
		if one, ok := r.address(v, "listen"); ok {
			return []address{one}
		}
		return nil
	}
	var list []address
	r.list(v, "listen", maxAddresses, func(item value) {
		if one, ok := r.address(item, "listen"); ok {
			list = append(list, one)
		}
	})
	if len(v.node.Content) == 0 {
		r.wrong(v, "address-invalid", "write an address: :8080; or leave the key out", "the list of addresses is empty")
	}
	return list
}

// checkServing tells what is wrong between the parts.
func (r *reader) checkServing(s *serving, stored bool) {
	for i := range s.addresses {
		a := &s.addresses[i]
		for j := range i {
			if b := &s.addresses[j]; a.overlaps(b) {
				first, later := b, a
				if later.at.compare(first.at) < 0 {
					first, later = later, first
				}
				r.tellIn(s.env, later.at, report.Error, "address-twice", later.what+" "+later.String()+" is taken already by "+first.what+" "+first.String()+" in line "+lineOf(first.at), "write another port")
				break
			}
		}
		switch {
		case a.what == "admin" && !a.isLoopback():
			r.tellIn(s.env, a.at, report.Warning, "admin-open", "admin is not of this machine alone: whoever reaches it can change everything that the gateway does, without a password", "write 127.0.0.1 for its host, or see that nobody else reaches it")
		case a.what == "listen" && !a.isAll() && !a.isLoopback() && !a.isIP():
			r.tellIn(s.env, a.at, report.Warning, "address-name", "listen names the host "+a.host+": the gateway listens on the address that this name has where it runs, and not for requests to this host", "write "+quoted(":"+strconv.Itoa(a.port))+" to listen on all addresses, and host at the routes")
		}
	}
	if s.storageFor != "" && !stored {
		r.tellIn(s.env, s.storageForAt, report.Error, "tls-storage", "tls."+s.storageFor+" gets certificates and keys, and there is no folder for them: nothing is written unless the file says where", "add storage: the folder for them, beside tls")
	}
}

// proxies reads addresses and ranges of them.
func (r *reader) proxies(v value) []netip.Prefix {
	const rule = "proxy-invalid"
	var list []netip.Prefix
	for _, one := range r.itemOrItems(v, "a proxy", maxProxies).list {
		p, err := netip.ParsePrefix(one.text)
		if ip, notIP := netip.ParseAddr(one.text); notIP == nil && ip.Zone() == "" {
			p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		switch {
		case err != nil:
			r.add(one.at, report.Error, rule, show(one.text)+" is neither an address nor a range of addresses", "write an address such as 10.0.0.7, or a range such as 10.0.0.0/8")
		case p.Addr().Is4In6():
			r.add(one.at, report.Error, rule, show(one.text)+" is an IPv4 address in the form of IPv6, which no client has", "write the IPv4 address or range")
		case p != p.Masked():
			r.add(one.at, report.Error, rule, show(one.text)+" is an address within a range, and has to be one of the two", "write "+p.Masked().String()+" for the range, or "+p.Addr().String())
		default:
			if p.Bits() == 0 {
				r.add(one.at, report.Warning, "proxy-any", show(one.text)+" trusts everybody: any client can claim any address", "name the addresses of the proxies")
			}
			list = append(list, p)
		}
	}
	return list
}

// accessLog reads where the lines go.
func (r *reader) accessLog(v value) string {
	const fix = "write stdout, stderr, or the name of a file"
	if isYAML11Boolean(v.node) {
		r.wrong(v, "access-log", fix, "access_log is %s, and says where the lines go", v.shown())
		return ""
	}
	text, ok := r.text(v, "access_log")
	switch {
	case !ok:
	case text == "" || strings.HasSuffix(text, "/"):
		r.wrong(v, "access-log", fix, "access_log is %s, and has to be the name of a file", show(text))
	case text == "stdout", text == "stderr":
		return text
	default:
		return r.relative(text)
	}
	return ""
}

// path reads the name of a file or folder; a relative one is relative to the folder of the policy file. It is empty where
// there is none.
func (r *reader) path(v value, what string) string {
	if v.node == nil || what == "storage" && r.isNone(v) {
		return ""
	}
	text, ok := r.text(v, what)
	if ok && text == "" {
		r.wrong(v, "wrong-value", "write its name, or leave the key out", "%s is empty", what)
	}
	if !ok || text == "" {
		return ""
	}
	return r.relative(text)
}

func (r *reader) relative(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(r.file), name)
}

// keys are those of the limits, which they read.
func (l *Limits) keys(r *reader) []key {
	return []key{
		{name: "read_header", schema: durationSchema(1), read: func(v value) { l.ReadHeader = r.duration(v, "read_header") },
			doc: "How long a client may take to send the header of a request."},
		{name: "read_body", schema: durationSchema(1), read: func(v value) { l.ReadBody = r.duration(v, "read_body") },
			doc: "How long it may take to send the whole request."},
		{name: "write", schema: durationSchema(1), read: func(v value) { l.Write = r.duration(v, "write") },
			doc: "How long a whole response may take; it cuts streams and downloads that last longer."},
		{name: "idle", schema: durationSchema(1), read: func(v value) { l.Idle = r.duration(v, "idle") },
			doc: "How long a connection may stay open without a request."},
		{name: "header_bytes", schema: sizeSchema(), read: func(v value) { l.HeaderBytes = int(r.size(v, "header_bytes", 1<<10, 16<<20)) },
			doc: "How large the header of a request may be: bytes, or 64KiB and the like."},
	}
}
