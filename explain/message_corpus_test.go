package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// What an engine prints for a case of the corpus is understood again: the engine, the failure or those that the engine has
// the same words for, and the URL and the page that the line names.
func TestMessageRoundTrip(t *testing.T) {
	lines := 0
	for _, profile := range []fetch.Profile{fetch.Chromium(), fetch.Firefox(), fetch.WebKit()} {
		for _, c := range corpus.Cases() {
			traces, err := c.Run(profile)
			if err != nil {
				t.Fatal(err)
			}
			for _, trace := range traces {
				line := explain.ConsoleLine(trace)
				if line == "" {
					continue
				}
				lines++
				roundTrip(t, c.Name, trace, line)
			}
		}
	}
	if lines < 1000 {
		t.Errorf("got %d lines, want 1000 and more", lines)
	}
}

func roundTrip(t *testing.T, name string, trace *fetch.Trace, line string) {
	t.Helper()
	f := trace.Failure
	m, err := explain.ParseMessage(line)
	if err != nil {
		t.Errorf("%s, %s: %v", name, trace.Browser, err)
		return
	}
	if m.Engine != trace.Browser && !printedByTwo(line) {
		t.Errorf("%s, %s: got engine %q of %s", name, trace.Browser, m.Engine, line)
	}
	if !slices.Contains(m.Candidates, string(f.ID)) || !slices.Contains(m.Candidates, m.ID) {
		t.Errorf("%s, %s: got %s of %q, want %s of %s", name, trace.Browser, m.ID, m.Candidates, f.ID, line)
	}
	if m.Text != line {
		t.Errorf("%s, %s: got text %q of %q", name, trace.Browser, m.Text, line)
	}
	if f.URL != "" && strings.Contains(line, "at '"+f.URL+"'") && m.URL != f.URL {
		t.Errorf("%s, %s: got URL %q of %s", name, trace.Browser, m.URL, line)
	}
	if strings.Contains(line, "resource at "+f.URL+". ") && m.URL != f.URL {
		t.Errorf("%s, %s: got URL %q of %s", name, trace.Browser, m.URL, line)
	}
	if origin := trace.Page.Origin.String(); strings.Contains(line, "origin '"+origin+"'") && m.Origin != origin {
		t.Errorf("%s, %s: got origin %q of %s", name, trace.Browser, m.Origin, line)
	}
	if strings.Contains(line, "reflight") && trace.Browser != "webkit" && m.On != f.On {
		t.Errorf("%s, %s: got on %q of %s", name, trace.Browser, m.On, line)
	}
}

// printedByTwo reports whether Chromium and WebKit print the very line.
func printedByTwo(line string) bool {
	return strings.HasPrefix(line, "Not allowed to load local resource: ")
}
