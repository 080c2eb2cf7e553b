package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// No id lacks an entry, and no entry lacks a part.
func TestCatalogueIsComplete(t *testing.T) {
	var ids []string
	for _, id := range fetch.FailureIDs() {
		ids = append(ids, string(id))
	}
	ids = append(append(ids, explain.WarningIDs()...), explain.MessageIDs()...)
	var got []string
	for _, e := range explain.Entries() {
		got = append(got, e.ID)
		for part, text := range map[string]string{
			"title": e.Title, "what": e.What, "fix title": e.FixTitle, "fix": e.Fix, "reference": e.ReferenceURL(),
		} {
			if text == "" || strings.ContainsAny(text, "\n") {
				t.Errorf("%s: got %s %q, want one line", e.ID, part, text)
			}
		}
		for part, text := range map[string]string{"what": e.What, "fix": e.Fix} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s does not end with a full stop: %q", e.ID, part, text)
			}
		}
		if isFailure := e.Kind == explain.KindFailure; isFailure != (e.Algorithm != "" && e.Number != "") {
			t.Errorf("%s: got step %s %s for a %s", e.ID, e.Algorithm, e.Number, e.Kind)
		}
	}
	if !slices.Equal(got, ids) {
		t.Errorf("got  %q\nwant %q", got, ids)
	}
}

// The templates of the catalogue have no frame left to expand, and those of failures that CORS is to blame for are there
// for each engine.
func TestCatalogueTemplates(t *testing.T) {
	for _, e := range explain.Entries() {
		c := e.Templates()
		for engine, line := range map[string]string{"chromium": c.Chromium, "firefox": c.Firefox, "webkit": c.WebKit} {
			for _, frame := range []string{"{C}", "{P}", "{F}", "only}", "{throws}", "{redirect}", "{W allow}", "{W net}", "{F quoted}"} {
				if strings.Contains(line, frame) {
					t.Errorf("%s: %s has %s: %s", e.ID, engine, frame, line)
				}
			}
		}
		if e.Algorithm == "concept-cors-check" && (c.Chromium == "" || c.Firefox == "" || c.WebKit == "") {
			t.Errorf("%s: a template is missing: %+v", e.ID, c)
		}
	}
}

func TestEntryOfUnknown(t *testing.T) {
	if e, ok := explain.EntryOf("cors"); ok {
		t.Errorf("got %+v", e)
	}
}
