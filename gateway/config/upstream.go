package config

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/concors/concors/policyfile"
)

// aside is how long a server that could not be reached is not asked, where there are others and requests are sent again.
const aside = 2 * time.Second

// proxy hands a request on to servers. Streams are handed on as they come, and bodies as they are.
func (b *builder) proxy(u *policyfile.Upstream) object {
	transport := object{
		"protocol":                 "http",
		"dial_timeout":             duration(cmp.Or(u.Connect, DefaultConnect)),
		"response_header_timeout":  duration(cmp.Or(u.Response, DefaultResponse)),
		"max_response_header_size": maxResponseHeader,
		"compression":              false, // what the client did not ask for would have to be undone here
	}
	secure := false
	standard := true // whether every server has the port of its scheme
	var servers []object
	for _, origin := range u.To {
		to, err := url.Parse(origin)
		if err != nil {
			// The reader of the file has seen that it is an origin.
			panic("concors: internal error: " + err.Error())
		}
		secure = to.Scheme == "https"
		port := "80"
		if secure {
			port = "443"
		}
		standard = standard && (to.Port() == "" || to.Port() == port)
		servers = append(servers, object{"dial": net.JoinHostPort(to.Hostname(), cmp.Or(to.Port(), port))})
	}
	if secure {
		tls := object{}
		if u.CA != "" {
			tls["ca"] = object{"provider": "file", "pem_files": []string{u.CA}}
		}
		transport["tls"] = tls
	}
	host := "{http.request.hostport}" // Caddy would send servers of https their own
	switch {
	case u.OwnHost && standard:
		host = "{http.reverse_proxy.upstream.host}"
	case u.OwnHost:
		host = "{http.reverse_proxy.upstream.hostport}"
	}
	proxy := object{
		"handler": "reverse_proxy", "transport": transport, "upstreams": servers,
		"headers": object{"request": object{"set": http.Header{"Host": {host}}}},
	}
	balancing := object{"selection_policy": object{"policy": selection(u.Balance)}}
	checks := object{}
	if u.Retries > 0 {
		balancing["retries"] = u.Retries
		// No method has an empty list: what may have reached a server is not sent again.
		balancing["retry_match"] = []object{{"method": []string{}}}
		if len(servers) > 1 {
			checks["passive"] = object{"fail_duration": duration(aside)}
		}
	}
	if u.Health != nil {
		checks["active"] = active(u.Health)
	}
	proxy["load_balancing"] = balancing
	if len(checks) > 0 {
		proxy["health_checks"] = checks
	}
	return proxy
}

// selection is the name of a policy of Caddy's. By address means that of the client, whatever proxies are between.
func selection(b policyfile.Balance) string {
	switch b {
	case "":
		return string(policyfile.RoundRobin)
	case policyfile.LeastConn:
		return "least_conn"
	case policyfile.IPHash:
		return "client_ip_hash"
	}
	return string(b)
}

func active(h *policyfile.HealthCheck) object {
	check := object{"uri": cmp.Or(h.Path, "/")}
	if h.Interval != 0 {
		check["interval"] = duration(h.Interval)
	}
	if h.Timeout != 0 {
		check["timeout"] = duration(h.Timeout)
	}
	check["expect_status"] = cmp.Or(h.Status, 2) // any 2xx
	return check
}

// sorted is a copy of a list in order, each once.
func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
