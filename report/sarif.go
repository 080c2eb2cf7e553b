package report

import (
	"io"
	"net/url"
)

// A Tool is the program that findings come from, as SARIF has it.
type Tool struct {
	Name, Version, URI string
	Rules              []RuleInfo // rules of findings that are not here are added by their names
}

// A RuleInfo is what SARIF says of a rule.
type RuleInfo struct {
	ID        string
	Title     string // in a clause
	Severity  Severity
	Reference string
}

// WriteSARIF writes findings as a log of SARIF 2.1.0, for programs that gather findings from many tools. Files are relative to
// the folder in which the program ran.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func WriteSARIF(w io.Writer, tool Tool, list []Finding) error {
	run := sarifRun{Results: []sarifResult{}, ColumnKind: "unicodeCodePoints"}
	run.Tool.Driver = sarifDriver{Name: tool.Name, Version: tool.Version, InformationURI: tool.URI, Rules: []sarifRule{}}
	index := map[string]int{}
	add := func(r RuleInfo) {
		if _, known := index[r.ID]; known {
			return
		}
		index[r.ID] = len(run.Tool.Driver.Rules)
		rule := sarifRule{ID: r.ID, HelpURI: r.Reference, DefaultConfiguration: sarifLevel{r.Severity.sarif()}}
		if r.Title != "" {
			rule.ShortDescription = &sarifText{r.Title}
		}
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
	}
	for _, r := range tool.Rules {
		add(r)
	}
	for i := range list {
		f := &list[i]
		add(RuleInfo{ID: f.Rule, Severity: f.Severity, Reference: f.Reference})
		text := f.Message
		if f.Fix != "" {
			text += ". To fix it: " + f.Fix
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: f.Rule, RuleIndex: index[f.Rule], Level: f.Severity.sarif(), Message: sarifText{text + "."}, Locations: f.sarifLocations(),
		})
	}
	return WriteJSON(w, sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func (s Severity) sarif() string {
	if s == Info {
		return "note"
	}
	return string(s)
}

func (f *Finding) sarifLocations() []sarifLocation {
	if f.File == "" {
		return []sarifLocation{}
	}
	var l sarifLocation
	l.PhysicalLocation.ArtifactLocation.URI = (&url.URL{Path: f.File}).String()
	if f.Line > 0 {
		l.PhysicalLocation.Region = &sarifRegion{StartLine: f.Line, StartColumn: f.Column}
	}
	return []sarifLocation{l}
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri,omitempty"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID                   string     `json:"id"`
	ShortDescription     *sarifText `json:"shortDescription,omitempty"`
	HelpURI              string     `json:"helpUri,omitempty"`
	DefaultConfiguration sarifLevel `json:"defaultConfiguration"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifLocation struct {
	PhysicalLocation struct {
		ArtifactLocation struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	} `json:"physicalLocation"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}
