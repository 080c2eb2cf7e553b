package config

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// Reference is where findings of this package lead.
const Reference = "https://github.com/concors/concors/blob/main/docs/gateway.md"

// Options say what the file does not. The zero value changes nothing.
type Options struct {
	// Listen takes the place of the addresses that the file has, if it is not empty.
	Listen []string

	// Mask puts asterisks in the place of secrets, for a reader; the result is not for serving.
	Mask bool
}

// JSON returns the configuration of Caddy that serves a policy file. If one of the findings is an error, it is nil.
func JSON(f *policyfile.File, o Options) ([]byte, []report.Finding) {
	b := &builder{file: f, listen: Listen(f, o), mask: o.Mask}
	whole := b.config()
	report.Sort(b.findings)
	if report.Any(b.findings, report.Error) {
		return nil, b.findings
	}
	text, err := json.Marshal(whole)
	if err != nil {
		// There is nothing in it but texts, numbers, lists and objects.
		panic("concors: internal error: " + err.Error())
	}
	return text, b.findings
}

// Listen returns the addresses that a file is served on, host and port each.
func Listen(f *policyfile.File, o Options) []string {
	switch {
	case len(o.Listen) > 0:
		return o.Listen
	case len(f.Gateway.Listen) > 0:
		return f.Gateway.Listen
	case f.Gateway.TLS == nil:
		return []string{"127.0.0.1:8080"}
	case f.Gateway.TLS.ACME != nil:
		return []string{":443"}
	}
	return []string{"127.0.0.1:8443"}
}

// object is one in JSON, whose keys come out sorted.
type object map[string]any

// builder makes a configuration, and collects what is wrong.
type builder struct {
	file     *policyfile.File
	listen   []string
	mask     bool
	findings []report.Finding
}

// refuse tells that something cannot be served. A nil route stands for the file.
func (b *builder) refuse(at *policyfile.Route, rule, message, fix string) {
	finding := report.Finding{
		Rule: rule, Severity: report.Error, Message: message, Fix: fix,
		File: b.file.Name, Line: 1, Column: 1, Reference: Reference,
	}
	if at != nil {
		finding.Line, finding.Column = at.Place()
	}
	b.findings = append(b.findings, finding)
}

func (b *builder) config() object {
	g := &b.file.Gateway
	whole := object{
		"admin":   admin(g.Admin),
		"logging": b.logging(),
		"apps":    b.apps(),
	}
	if g.Storage != "" {
		whole["storage"] = object{"module": "file_system", "root": g.Storage}
	}
	return whole
}

// admin has the administration off unless it is wanted. Neither way the configuration is kept in the home folder.
func admin(address string) object {
	config := object{"persist": false}
	if address == "" {
		return object{"disabled": true, "config": config}
	}
	return object{"listen": address, "config": config}
}

func (b *builder) apps() object {
	http := object{
		"servers":      b.servers(),
		"grace_period": duration(cmp.Or(b.file.Gateway.Drain, DefaultDrain)),
	}
	if b.file.Gateway.Metrics != "" {
		http["metrics"] = object{}
	}
	if port := b.plainPort(); port != 0 {
		http["http_port"] = port
	}
	apps := object{"http": http, "tls": b.tls()}
	if t := b.file.Gateway.TLS; t != nil && t.Local {
		// Caddy would ask for the password of root, to make the whole machine trust the authority.
		apps["pki"] = object{"certificate_authorities": object{"local": object{"install_trust": false}}}
	}
	return apps
}

// duration is a time as Caddy reads it.
func duration(d time.Duration) string { return d.String() }
