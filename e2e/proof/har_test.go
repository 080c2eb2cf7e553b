package proof_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/server/setups"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
)

// proveRecording holds the explanation of what Chromium's developer tools recorded of a try to what the catalogue says of it.
func proveRecording(t *testing.T, recorder *browser.Recorder, try *setups.Try) {
	text, err := recorder.HAR(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	h, err := input.ReadHAR(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	list := explain.HAR(h, fetch.Chromium(), true).Explanations
	for i := len(list) - 1; i >= 0; i-- {
		e := &list[i]
		if e.Trace.Request.URL != try.URL {
			continue
		}
		var id fetch.FailureID
		if e.Trace.Failure != nil {
			id = e.Trace.Failure.ID
		}
		if e.Trace.Outcome != try.Want.Outcome || id != try.Want.Failure {
			t.Errorf("recording: got %s %s, want %s %s; %q", e.Trace.Outcome, id, try.Want.Outcome, try.Want.Failure, e.Notes)
		}
		return
	}
	if strings.HasPrefix(try.URL, try.Page+"/") {
		return // of the page's own origin, which is only counted
	}
	t.Errorf("recording: got no explanation of %s among %d", try.URL, len(list))
}
