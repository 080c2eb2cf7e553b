package explain_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

// Every fetch of the corpus, in every browser, can be drawn: what is refused stops at one place and says what decided.
func TestSequenceOfCorpus(t *testing.T) {
	for _, p := range fetch.Profiles() {
		for _, c := range corpus.Cases() {
			traces, err := c.Run(p)
			if err != nil && !errors.Is(err, fetch.ErrNoResponse) {
				t.Fatal(err)
			}
			for i, trace := range traces {
				name := fmt.Sprintf("%s, %s, fetch %d", p.Name, c.Name, i+1)
				e := explain.Of(trace)
				s := explain.SequenceOf(&e)
				checkSequence(t, name, &s, trace)
			}
		}
	}
}

func checkSequence(t *testing.T, name string, s *explain.Sequence, trace *fetch.Trace) {
	t.Helper()
	stops, failing := 0, ""
	for _, m := range s.Messages {
		if m.Stop {
			stops++
		}
		if m.From >= len(s.Participants) || m.To >= len(s.Participants) || m.Text == "" {
			t.Errorf("%s: got message %+v of %d participants", name, m, len(s.Participants))
		}
		if m.Mark == explain.MarkFailing && m.Kind != explain.MessageResult {
			failing += m.Text + "\n"
		}
		for _, l := range m.Lines {
			if l.Mark == explain.MarkFailing {
				failing += l.Text + "\n"
			}
		}
	}
	text := transcript(s)
	switch trace.Outcome {
	case fetch.Blocked, fetch.Invalid, fetch.Prompt:
		if stops != 1 || failing == "" {
			t.Errorf("%s: got %d stops and %q failing:\n%s", name, stops, failing, text)
		}
		if f := trace.Failure; header.IsToken(f.Header) && f.ID != fetch.CSPConnectSrc && !strings.Contains(strings.ToLower(failing), strings.ToLower(f.Header)) {
			t.Errorf("%s: %s is not among what fails:\n%s", name, f.Header, text)
		}
	default:
		if stops != 0 || failing != "" {
			t.Errorf("%s: %s, and got %d stops and %q failing:\n%s", name, trace.Outcome, stops, failing, text)
		}
	}
	if i := strings.IndexFunc(text, func(c rune) bool { return c != '\n' && !unicode.IsGraphic(c) }); i >= 0 {
		t.Errorf("%s: got %q in a text", name, text[i:])
	}
	if slices.ContainsFunc(s.Participants[2:], func(p explain.Participant) bool { return p.Role != explain.RoleServer || p.Name == "" }) {
		t.Errorf("%s: got participants %+v", name, s.Participants)
	}
}
