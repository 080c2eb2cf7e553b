package explain

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// pageTemplate is the page that WriteHTML writes.
//
//go:embed html.tmpl
var pageTemplate string

// pageStyle is its style sheet.
//
//go:embed html.css
var pageStyle string

// WriteHTML writes explanations as one page that stands alone: it loads nothing, runs no script, and its policy allows
// neither. Each fetch has its verdict, why, the evidence, a picture of the exchange, what to change, what the consoles say,
// and, if asked for, the steps that the browser took. A failed write leaves a part of the page behind.
func WriteHTML(w io.Writer, list []Explanation, steps bool) error {
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(w, "head", newPageView(list)); err != nil {
		return err
	}
	for i := range list {
		if err := t.ExecuteTemplate(w, "fetch", newFetchView(&list[i], i+1, steps)); err != nil {
			return err
		}
	}
	return t.ExecuteTemplate(w, "foot", nil)
}

// A pageView is what the head of the page shows.
type pageView struct {
	Title   string
	Policy  string
	Style   template.CSS // ours, word for word as it is hashed
	Summary string
	Entries []entryView // of the table of contents; none for a single fetch
}

type entryView struct {
	ID, Outcome, Method, URL string
}

func newPageView(list []Explanation) pageView {
	hash := sha256.Sum256([]byte(pageStyle))
	v := pageView{
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; base-uri 'none'; form-action 'none'",
		Style:  template.CSS(pageStyle),
	}
	if len(list) == 1 {
		t := list[0].Trace
		v.Title = string(t.Outcome) + ": " + short(methodOf(t)+" "+urlOf(t))
		v.Summary = "What a browser does with a fetch, and why."
		return v
	}
	v.Title = fmt.Sprintf("%d fetches, explained", len(list))
	v.Summary = "What a browser does with " + fmt.Sprintf("%d fetches, and why: %s.", len(list), countOutcomes(list))
	for i := range list {
		t := list[i].Trace
		v.Entries = append(v.Entries, entryView{fetchID(i + 1), string(t.Outcome), short(methodOf(t)), short(urlOf(t))})
	}
	return v
}

func fetchID(number int) string { return fmt.Sprintf("fetch-%d", number) }

// countOutcomes tells how many fetches came to what, the worst first.
func countOutcomes(list []Explanation) string {
	var parts []string
	for _, o := range []fetch.Outcome{fetch.Blocked, fetch.Invalid, fetch.Prompt, fetch.Unsent, fetch.Opaque, fetch.Allowed} {
		n := 0
		for i := range list {
			if list[i].Trace.Outcome == o {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	return strings.Join(parts, ", ")
}

// A fetchView is what the page shows of one fetch. Its text is escaped as terminal output is, so that what cannot be seen
// is shown; the template does the rest.
type fetchView struct {
	ID, Outcome, Sign, Method, URL, Page, Browser string

	Why       string
	Evidence  []factView
	FailureID string
	Step      *stepView
	Pictures  []picture
	Messages  []messageView
	Fixes     []fixView
	Consoles  []factView
	Notes     []Warning
	Steps     []stepView
}

// A factView is something with a name. The kind is a class of the style sheet.
type factView struct{ Kind, Name, Text string }

type stepView struct{ Name, URL, Outcome, What, Got, Want string }

type fixView struct {
	Title, Stack string
	Parts        []partView
}

// A partView is a paragraph, or lines to copy.
type partView struct {
	Text string
	Code bool
}

type messageView struct {
	From, To string
	Message
}

func newFetchView(e *Explanation, number int, steps bool) fetchView {
	t := e.Trace
	v := fetchView{
		ID: fetchID(number), Outcome: string(t.Outcome), Sign: outcomeSign(t.Outcome), Method: short(methodOf(t)), URL: short(urlOf(t)),
		Page: "a page that is not told", Browser: browserName(t.Browser), Why: escape(clip(e.Why)),
	}
	if t.Page != nil {
		v.Page = short(t.Page.Origin.String())
	}
	v.evidence(e)
	if drawable(e) {
		v.draw(e)
	}
	v.advice(e)
	if steps {
		for _, s := range t.Steps {
			v.Steps = append(v.Steps, stepView{
				stepName(s.Algorithm, s.Number), specURL(s.Algorithm), string(s.Outcome), escape(clip(s.What)),
				escape(clip(stepText(&s, s.Got))), escape(clip(stepText(&s, s.Want))),
			})
		}
	}
	return v
}

// draw adds the pictures of the exchange, and its words.
func (v *fetchView) draw(e *Explanation) {
	s := SequenceOf(e)
	v.Pictures = []picture{draw(e, &s, v.ID+"-wide", wideSheet()), draw(e, &s, v.ID+"-narrow", narrowSheet())}
	for _, m := range s.Messages {
		v.Messages = append(v.Messages, messageView{participantText(s.Participants[m.From]), participantText(s.Participants[m.To]), m})
	}
}

// evidence adds what decided, or what the page gets.
func (v *fetchView) evidence(e *Explanation) {
	t := e.Trace
	fact := func(kind, name, text string) {
		if text != "" {
			v.Evidence = append(v.Evidence, factView{kind, name, escape(clip(text))})
		}
	}
	if e.Recorded != nil {
		fact("", "recorded", endText(e.Recorded))
	}
	if url := urlOf(t); len(url) > longest {
		fact("", "URL", url)
	}
	if f := t.Failure; f != nil {
		v.FailureID = string(f.ID)
		if f.Algorithm != "" {
			v.Step = &stepView{Name: stepName(f.Algorithm, f.Number), URL: f.StepURL()}
		}
		fact("failing", "got", gotLine(f))
		fact("wanted", "want", wantLine(t))
		for _, line := range whoFailed(e) {
			fact("", "by", line)
		}
		return
	}
	if e.Why != "" {
		return
	}
	v.Why = outcomeText(t)
	if r := t.Response; r != nil && t.Outcome == fetch.Allowed && isScripted(t.Request) {
		fact("", "script reads", allowedText(t))
		if len(r.Hidden) > 0 {
			fact("", "script cannot read", headerNames(r.Hidden))
		}
	}
}

// advice adds what to change, what the consoles say, and what else to know.
func (v *fetchView) advice(e *Explanation) {
	for _, f := range e.Fixes {
		v.Fixes = append(v.Fixes, newFixView(&f))
	}
	c := &e.Console
	for _, engine := range []struct{ name, line string }{{chromium, c.Chromium}, {firefox, c.Firefox}, {webkit, c.WebKit}} {
		if engine.line != "" {
			v.Consoles = append(v.Consoles, factView{"", browserName(engine.name), escape(clip(engine.line))})
		}
	}
	for _, w := range e.Warnings {
		v.Notes = append(v.Notes, Warning{w.ID, escape(clip(w.Why))})
	}
	for _, note := range e.Notes {
		v.Notes = append(v.Notes, Warning{Why: escape(clip(note))})
	}
	if e.Unused > 0 {
		v.Notes = append(v.Notes, Warning{Why: unused(e.Unused)})
	}
}

func outcomeSign(o fetch.Outcome) string {
	switch o {
	case fetch.Allowed:
		return "✓"
	case fetch.Blocked, fetch.Invalid:
		return "✗"
	case fetch.Prompt:
		return "?"
	}
	return "○"
}

func participantText(p Participant) string {
	if p.Role == RoleServer {
		return p.Name
	}
	return string(p.Role)
}

// newFixView tells the sentences of a fix from the lines to copy, which are set in.
func newFixView(f *Fix) fixView {
	v := fixView{Title: escape(f.Title)}
	if f.Stack != "any" {
		v.Stack = escape(f.Stack)
	}
	for line := range strings.SplitSeq(f.Text, "\n") {
		code, isCode := strings.CutPrefix(line, indent)
		code = escape(clip(code))
		last := len(v.Parts) - 1
		switch {
		case last >= 0 && v.Parts[last].Code && isCode:
			v.Parts[last].Text += "\n" + code
		default:
			v.Parts = append(v.Parts, partView{code, isCode})
		}
	}
	return v
}
