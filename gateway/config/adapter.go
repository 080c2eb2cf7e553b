package config

import (
	"bytes"
	"errors"
	"os"

	"github.com/caddyserver/caddy/v2/caddyconfig"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// An Adapter is a config adapter of Caddy: caddy run --adapter concors --config concors.yaml. The zero value is ready.
type Adapter struct{}

// Adapt turns a policy file into the configuration of Caddy. Of the options it takes filename, which relative names in the
// file are relative to. The error has every finding that is one.
func (Adapter) Adapt(body []byte, options map[string]any) ([]byte, []caddyconfig.Warning, error) {
	name, _ := options["filename"].(string)
	if name == "" {
		name = "concors.yaml"
	}
	file, findings := policyfile.Load(name, body, policyfile.Options{LookupEnv: os.LookupEnv})
	var text []byte
	if file != nil {
		var more []report.Finding
		text, more = JSON(file, Options{})
		findings = append(findings, more...)
	}
	if text == nil {
		var b bytes.Buffer
		if err := report.WriteText(&b, findings, report.Files{name: body}, report.Layout{Width: 120}); err != nil {
			return nil, nil, err
		}
		return nil, nil, errors.New(b.String())
	}
	warnings := make([]caddyconfig.Warning, len(findings))
	for i := range findings {
		f := &findings[i]
		warnings[i] = caddyconfig.Warning{File: f.File, Line: f.Line, Directive: f.Rule, Message: f.Message}
	}
	return text, warnings, nil
}
