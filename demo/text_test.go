package demo_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/demo"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/report"
)

func TestWriteText(t *testing.T) {
	d := start(t, unknown)
	list, err := d.Explain()
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{0, 40, 100} {
		var b bytes.Buffer
		if err := d.WriteText(&b, list, explain.Layout{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > max(width, 40) && !strings.Contains(line, "://") {
				t.Errorf("width %d: got a line of %d: %s", width, n, line)
			}
		}
	}
	page := strings.TrimSuffix(d.URL(), "/")
	text := func(id string) string {
		for _, e := range list {
			if e.ID == id {
				var b bytes.Buffer
				if err := d.WriteText(&b, []demo.Explained{e}, explain.Layout{Width: 100}); err != nil {
					t.Fatal(err)
				}
				_, got, _ := strings.Cut(b.String(), "\n\n")
				got, _, _ = strings.Cut(got, "\n\n")
				return strings.ReplaceAll(got, page, "PAGE")
			}
		}
		return ""
	}
	for id, want := range map[string]string{
		"error-without-header": `blocked  The error answer lacks the header
  The application is down, nginx answers 502 for it, and add_header without always adds nothing to
  errors.
  why   The response (502) has no Access-Control-Allow-Origin header, so the page cannot read it.
        The real error is the 502: a proxy got no answer that it could use from the server behind
        it. (allow-origin-missing)
  fix   send it with errors too
        add_header Access-Control-Allow-Origin "PAGE" always;`,
		"wildcard-authorization": `blocked  * does not cover Authorization
  A list written by hand in nginx allows any request header, and the page sends Authorization.
  why   The server allows any header (*), but the wildcard does not cover Authorization, which must
        be listed by name. Chromium, Firefox and WebKit still let it pass.
        (authorization-not-listed)
  note  Not so in Chromium (allowed), Firefox (allowed), WebKit (allowed).
  fix   list Authorization beside *
        add_header Access-Control-Allow-Headers "*, Authorization" always;`,
		"right": `allowed  Done right, with a preflight
  The server names the page's origin, answers OPTIONS, lists the method and the headers, and lets
  browsers remember it for ten minutes.`,
	} {
		if diff := cmp.Diff(want, text(id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestJSON(t *testing.T) {
	d := start(t, known)
	list, err := d.Explain()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := report.WriteJSON(&b, d.NewResult(list)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null,\n      \"differs\"") || strings.Contains(b.String(), "Bearer demo") {
		t.Errorf("got a null list, or a credential, in %s", b.String())
	}
	var got struct {
		Browser, Page, API string
		Mistakes           []struct {
			ID, Title, Story, Why, Outcome string
			Failure                        *struct{ ID string }
			Sent                           []explain.SentResult
			Fixes                          []explain.Fix
			Differs                        []demo.Difference
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Browser != "standard" || got.Page+"/" != d.URL() || !strings.HasPrefix(got.API, "http://api.localhost:") {
		t.Errorf("got browser %s, page %s, API %s", got.Browser, got.Page, got.API)
	}
	if len(got.Mistakes) != len(list) {
		t.Fatalf("got %d mistakes, want %d", len(got.Mistakes), len(list))
	}
	for i, m := range got.Mistakes {
		e := &list[i]
		if m.ID != e.ID || m.Title == "" || m.Story == "" || m.Outcome != string(e.Trace.Outcome) {
			t.Errorf("got %+v, want %s", m, e.ID)
		}
		if sent := len(m.Sent) > 0; sent != (m.ID != "cached-image") {
			t.Errorf("%s: got %+v sent; only a cached image is not asked for", m.ID, m.Sent)
		}
		if wrong := e.Fix.Title != ""; wrong && (m.Why == "" || len(m.Fixes) == 0 || m.Fixes[0].Text != e.Fix.Text) || m.Fixes == nil || m.Differs == nil {
			t.Errorf("%s: got why %q, fixes %+v, differences %+v", m.ID, m.Why, m.Fixes, m.Differs)
		}
	}
}
