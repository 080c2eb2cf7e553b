package gatewayapi

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: who answers.

// backends writes the Services of a route.
func (w *writer) backends(b *strings.Builder, r *policyfile.Route) {
	if r.Redirect != nil {
		w.omit(report.Error, fmt.Sprintf("the route %s is a redirect, and whether one has CORS headers is left to implementations", r.Path), "let the application redirect")
		return
	}
	b.WriteString("      backendRefs:\n")
	if r.Upstream == nil {
		b.WriteString("        - name: app # your Service\n          port: 80\n")
		return
	}
	u := r.Upstream
	if u.OwnHost {
		w.omit(report.Error, fmt.Sprintf("the route %s sends its upstream's own Host, and some implementations lose CORS where a filter does that", r.Path), "leave own_host out")
	}
	if u.Balance != "" && u.Balance != policyfile.RoundRobin {
		w.omit(report.Warning, fmt.Sprintf("how the route %s chooses among servers, %q, is not in an HTTPRoute", r.Path, u.Balance), "set it in the policies of your gateway")
	}
	for _, to := range u.To {
		scheme, host, _ := strings.Cut(strings.TrimSuffix(to, "/"), "://")
		port := map[string]string{"http": "80", "https": "443"}[scheme]
		if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
			host, port = host[:colon], cmp.Or(host[colon+1:], port)
		}
		if scheme == "https" {
			w.omit(report.Warning, fmt.Sprintf("the upstream %s is asked over HTTPS, which is not in an HTTPRoute", to), "add a BackendTLSPolicy for its Service")
		}
		name, namespace, ok := service(host)
		if ok {
			b.WriteString("        - name: " + quoted(name) + "\n")
			if namespace != "" {
				b.WriteString("          namespace: " + quoted(namespace) + " # if it is not the route's own, with a ReferenceGrant there\n")
			}
		} else {
			w.omit(report.Warning, fmt.Sprintf("the upstream %s has not the name of a Service, and a gateway sends requests to Services", to),
				"write the name of one into the file, or name it in the policy file: http://users.default.svc:8080")
			b.WriteString("        - name: app # your Service for " + to + "\n")
		}
		b.WriteString("          port: " + port + "\n")
	}
}

// service reads the host of an upstream as the name of a Service in a cluster: users, or users.default.svc and what may follow.
//
// https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
func service(host string) (name, namespace string, ok bool) {
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || host == "localhost" {
		return "", "", false
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	switch {
	case len(labels) == 1:
		return labels[0], "", true
	case len(labels) >= 3 && labels[2] == "svc":
		return labels[0], labels[1], true
	}
	return "", "", false
}

// omit tells what a route has that is not written.
func (w *writer) omit(severity report.Severity, message, fix string) {
	w.findings = append(w.findings, report.Finding{Rule: "not-generated", Severity: severity, Message: message, Fix: fix, Reference: w.stack.Facts.Links[2]})
}

// refuse tells a value that cannot be written.
func (w *writer) refuse(f stack.Feature, where, nearest string) {
	w.findings = append(w.findings, w.stack.CannotExpress(stack.Need{Feature: f, Where: where}, nearest))
}
