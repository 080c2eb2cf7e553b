package stack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// A Need is a feature that a site uses.
type Need struct {
	Feature Feature
	Where   string // the first that asks for it, in words: policy app
}

// Needs returns the features that the site uses, in the order of [Features], each once. The slice is the caller's.
func (s *Site) Needs() []Need { return slices.Clone(s.needs) }

// work finds out what the site needs.
func (s *Site) work() []Need {
	where := map[Feature]string{}
	need := func(f Feature, is bool, by string) {
		if is && where[f] == "" {
			where[f] = by
		}
	}
	for _, p := range s.Policies {
		by := "policy " + p.Name
		total := len(p.Origins)
		if p.Null {
			total++
		}
		need(ManyOrigins, total > 1, by)
		need(AnyOrigin, p.AnyOrigin && !p.Credentials, by)
		need(AnyOriginCredentials, p.AnyOrigin && p.Credentials, by)
		need(Null, p.Null && !p.AnyOrigin, by)
		need(Credentials, p.Credentials, by)
		need(Methods, len(p.Methods) > 0, by)
		need(AnyMethod, p.AnyMethod, by)
		need(RequestHeaders, len(p.RequestHeaders) > 0, by)
		need(AnyRequestHeader, p.AnyRequestHeader, by)
		need(ResponseHeaders, len(p.ResponseHeaders) > 0, by)
		need(AllResponseHeaders, p.AllResponseHeaders, by)
		need(MaxAge, p.MaxAge != "" && p.MaxAge != "0", by)
		need(NoPreflightCache, p.MaxAge == "0", by)
		for _, o := range p.Origins {
			needPattern(o, func(f Feature) { need(f, true, by) })
		}
	}
	for i := range s.Hosts {
		s.Hosts[i].work(need)
	}
	var needs []Need
	for _, f := range Features() {
		if by := where[f]; by != "" {
			needs = append(needs, Need{Feature: f, Where: by})
		}
	}
	return needs
}

// needPattern tells the features of one pattern.
func needPattern(o origin.Pattern, need func(Feature)) {
	_, host, ports, hasPorts := cutPattern(o)
	if strings.HasPrefix(host, "*.") {
		need(SubdomainPattern)
	} else if strings.Contains(host, "*") {
		need(PartialLabelPattern)
	}
	if _, exact := o.Exact(); hasPorts && !exact {
		if ports == "*" {
			need(AnyPort)
		} else if strings.HasPrefix(ports, "[") {
			need(PortList)
		}
	}
	if o.Scheme() != "https" && o.Scheme() != "http" {
		need(CustomScheme)
	}
}

// work tells what the places of a host need.
func (h *Host) work(need func(f Feature, is bool, by string)) {
	for _, p := range h.Places {
		by := "the route " + p.Path
		need(PerPath, p.Path != "/" || len(h.Places) > 1, by)
		need(PerHost, h.Name != "", by+" of host "+h.Name)
		need(PerMethod, len(p.Rules) > 1, by)
		for _, r := range p.Rules {
			need(Off, r.Policy == nil, by)
			need(PerHeader, r.Route != nil && len(r.Route.Headers) > 0, by)
		}
	}
}

// omitted tells what routes have that is no part of any generated configuration. Where a server would let more through
// without it, that is an error.
func omitted(routes []policyfile.Route) []report.Finding {
	var findings []report.Finding
	for i := range routes {
		r := &routes[i]
		tell := func(is bool, severity report.Severity, what string) {
			if is {
				findings = append(findings, report.Finding{
					Rule: "not-generated", Severity: severity, Message: fmt.Sprintf("the route %s has %s, which only the gateway does", r.Path, what),
					Fix: "run concors gateway, or leave it out of the route and see to it in the server's own configuration", Reference: "https://fetch.spec.whatwg.org/#http-cors-protocol",
				})
			}
		}
		tell(!isHostName(r.Host), report.Error, "a host that no name server has")
		tell(len(r.BasicAuth) > 0 || r.ForwardAuth != nil, report.Error, "authentication")
		tell(r.Enforce, report.Error, "enforcement on the server")
		tell(r.UpstreamCORS == policyfile.Trust || r.UpstreamCORS == policyfile.Report, report.Error, "CORS headers of the upstream that are kept")
		tell(r.MaxBody > 0, report.Warning, "a limit for bodies")
		tell(r.Shadow != nil, report.Warning, "a shadow policy")
		tell(r.Compress, report.Warning, "compression")
		tell(len(r.RequestChanges.Set)+len(r.RequestChanges.Remove)+len(r.ResponseChanges.Set)+len(r.ResponseChanges.Remove) > 0, report.Warning, "changes of headers")
		tell(r.Rewrite != policyfile.Rewrite{}, report.Warning, "a rewritten path")
		tell(r.WebSocket == policyfile.CheckWebSocket, report.Error, "a check of WebSocket handshakes")
		tell(r.Files != nil && r.Files.MaxAge != 0, report.Warning, "a lifetime for cached files")
		if u := r.Upstream; u != nil {
			tell(u.Health != nil, report.Warning, "health checks of its upstream")
			tell(u.Retries > 0, report.Warning, "requests that are sent again")
			tell(u.Connect != 0 || u.Response != 0, report.Warning, "time limits for its upstream")
		}
	}
	return findings
}

// unserved tells what the file has below gateway, which is no part of any generated configuration: a server has its addresses
// and certificates already.
func unserved(g *policyfile.Gateway) []report.Finding {
	var keys []string
	for _, k := range []struct {
		name string
		is   bool
	}{
		{"listen", len(g.Listen) > 0}, {"tls", g.TLS != nil}, {"admin", g.Admin != ""}, {"metrics", g.Metrics != ""}, {"health", g.Health != ""},
		{"storage", g.Storage != ""}, {"trusted_proxies", len(g.TrustedProxies) > 0}, {"access_log", g.AccessLog != ""},
		{"tracing", g.Tracing}, {"drain", g.Drain != 0}, {"limits", g.Limits != policyfile.Limits{}},
	} {
		if k.is {
			keys = append(keys, k.name)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return []report.Finding{{
		Rule: "not-generated", Severity: report.Warning, Message: "the file says below gateway what only the gateway does: " + strings.Join(keys, ", "),
		Fix: "see to it in the server's own configuration; --listen says where a server listens", Reference: "https://fetch.spec.whatwg.org/#http-cors-protocol",
	}}
}

// isHostName reports whether a host has only what names and addresses have, so that no server takes it for a pattern.
func isHostName(host string) bool {
	return strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_[:]") == ""
}
