package explain

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/term"
)

// A Layout is how text is written. Width is in columns; less than 40 counts as 40.
type Layout struct {
	Styles term.Styles
	Width  int
	Steps  bool // list the steps that the browser took
	ASCII  bool // draw with ASCII alone
}

// minWidth is the least width that the layout is made for.
const minWidth = 40

// longestLine is how many characters of a value a line of evidence shows.
const longestLine = 1000

// WriteText writes explanations for a reader: verdict, why, evidence, fix. The exchange of a single fetch is drawn; of
// several, the requests are listed.
func WriteText(w io.Writer, list []Explanation, l Layout) error {
	p := newPrinter(l)
	for i := range list {
		if i > 0 {
			p.line("")
		}
		if list[i].Message != nil {
			p.message(&list[i])
			continue
		}
		p.explanation(&list[i], l, len(list) == 1)
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// A printer lays out lines. Everything that it is given is escaped on the way, so that hostile bytes stay text.
type printer struct {
	b      strings.Builder
	styles term.Styles
	width  int
	told   []string // texts of fixes with files
}

func newPrinter(l Layout) *printer { return &printer{styles: l.Styles, width: max(l.Width, minWidth)} }

func (p *printer) line(s string) { p.b.WriteString(strings.TrimRight(s, " ") + "\n") }

// indent is the left edge of everything below a verdict, labelled that of what stands beside a label.
const (
	indent   = "  "
	labelled = 6
)

// paragraph writes text below a verdict.
func (p *printer) paragraph(text string) {
	for _, s := range term.Wrap(escapeLines(text), p.width-len(indent)) {
		p.line(indent + s)
	}
}

// item writes a label and what belongs to it; further lines stand below the first.
func (p *printer) item(label, text string, style func(string) string) {
	head := indent + p.styles.Faint(label) + strings.Repeat(" ", labelled-len(label))
	for _, s := range term.Wrap(escapeLines(text), p.width-len(indent)-labelled) {
		p.line(head + style(s))
		head = indent + strings.Repeat(" ", labelled)
	}
}

func plain(s string) string { return s }

// escapeLines escapes a text and keeps its line breaks.
func escapeLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = escape(lines[i])
	}
	return strings.Join(lines, "\n")
}

// clip cuts a long value.
func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > longestLine {
			return s[:i] + "..."
		}
	}
	return s
}

// explanation writes one, with a picture of the exchange or with a line for each request.
func (p *printer) explanation(e *Explanation, l Layout, drawn bool) {
	t := e.Trace
	drawn = drawn && drawable(e)
	p.verdict(t)
	switch {
	case t.Failure != nil:
		p.paragraph(e.Why)
		p.evidence(t)
	case e.Why != "":
		p.paragraph(e.Why)
	default:
		p.paragraph(outcomeText(t))
	}
	if e.Recorded != nil {
		p.item("har", "the browser recorded "+endText(e.Recorded), plain)
	}
	if drawn {
		p.by(e)
		p.log(e)
		p.sequence(e, l.ASCII)
	} else {
		p.sent(t)
		p.by(e)
		p.log(e)
		p.response(t)
	}
	if drawn && (len(e.Fixes) > 0 || len(e.Warnings) > 0 || len(e.Notes) > 0 || e.Unused > 0 || l.Steps) {
		p.line("")
	}
	p.advice(e)
	if l.Steps {
		p.steps(t)
	}
}

// drawable reports whether enough is known of the exchange to draw it: not of one that a message tells of, nor of one that a
// recording lacks an answer of.
func drawable(e *Explanation) bool {
	return e.Message == nil && (e.Trace.Failure != nil || e.Why == "")
}

// log is the console line of the browser that the explanation is about.
func (p *printer) log(e *Explanation) {
	if s := ownLine(e); s != "" {
		p.item("log", clip(s), plain)
	}
}

// advice is what to change, and what else to know.
func (p *printer) advice(e *Explanation) {
	for _, f := range e.Fixes {
		if len(f.Files) == 0 {
			p.item("fix", f.Title, p.styles.Strong)
			p.item("", f.Text, plain)
		}
	}
	for _, w := range e.Warnings {
		p.item("note", w.Why+" ("+w.ID+")", plain)
	}
	for _, note := range e.Notes {
		p.item("note", note, plain)
	}
	if e.Unused > 0 {
		p.item("note", unused(e.Unused), plain)
	}
	for _, f := range e.Fixes {
		if len(f.Files) > 0 {
			p.files(&f)
		}
	}
}

// files is a fix with files: last, because they are long, and once, because the fetches of a page often need the same. Lines to
// copy are as wide as they are.
func (p *printer) files(f *Fix) {
	p.item("fix", f.Title, p.styles.Strong)
	if slices.Contains(p.told, f.Text) {
		p.item("", "The same as above.", plain)
		return
	}
	p.told = append(p.told, f.Text)
	for line := range strings.SplitSeq(f.Text, "\n") {
		if strings.HasPrefix(line, indent) {
			p.line(indent + strings.Repeat(" ", labelled) + escape(line))
			continue
		}
		p.item("", line, plain)
	}
}

// verdict is the first line: what came of which request of which page.
func (p *printer) verdict(t *fetch.Trace) {
	style := outcomeStyle(t.Outcome, p.styles)
	outcome := string(t.Outcome)
	rest := clip(escape(methodOf(t))+" "+escape(urlOf(t))) + "  from " + escape(t.Page.Origin.String())
	for i, s := range term.Wrap(rest, p.width-len(outcome)-len(indent)) {
		if i == 0 {
			p.line(style(outcome) + indent + p.styles.Strong(s))
			continue
		}
		p.line(strings.Repeat(" ", len(outcome)) + indent + p.styles.Strong(s))
	}
}

func outcomeStyle(outcome fetch.Outcome, styles term.Styles) func(string) string {
	switch outcome {
	case fetch.Allowed:
		return styles.Good
	case fetch.Opaque, fetch.Prompt, fetch.Unsent, Unknown:
		return styles.Warn
	}
	return styles.Bad
}

// methodOf is the method of the request as it was made, or as the script wrote it.
func methodOf(t *fetch.Trace) string {
	for i := range t.Sent {
		if t.Sent[i].Kind == fetch.KindRequest {
			return t.Sent[i].Method
		}
		if method, ok := t.Sent[i].Header.Get(header.RequestMethod); ok {
			return latin1(method)
		}
	}
	switch t.Request.Method {
	case "":
		return "GET"
	case " ":
		return `""`
	}
	return strings.ToValidUTF8(t.Request.Method, "\uFFFD")
}

// urlOf is the URL that the request was made for, or what the script wrote.
func urlOf(t *fetch.Trace) string {
	if len(t.Sent) > 0 {
		return t.Sent[0].URL
	}
	if t.Failure != nil && t.Failure.Hop == 0 {
		return strings.ToValidUTF8(t.Failure.URL, "\uFFFD")
	}
	return strings.ToValidUTF8(t.Request.URL, "\uFFFD")
}

// evidence is what decided: what came, what would have passed, and the step that compared them.
func (p *printer) evidence(t *fetch.Trace) {
	f := t.Failure
	if s := gotLine(f); s != "" {
		p.item("got", clip(s), p.styles.Bad)
	}
	if s := wantLine(t); s != "" {
		p.item("want", clip(s), p.styles.Good)
	}
	p.item("step", stepName(f.Algorithm, f.Number)+"  "+f.StepURL(), plain)
}

// gotLine is what decided a failure, as a line of the response where it was one.
func gotLine(f *fetch.Failure) string {
	switch f.ID {
	case fetch.PreflightStatus, fetch.PreflightAuth, fetch.PreflightRedirect, fetch.RedirectModeError:
		return "status " + strconv.Itoa(f.Status)
	case fetch.HeaderInvalid:
		return strings.ToValidUTF8(f.Header, "\uFFFD") + ": " + latin1(f.Got)
	case fetch.RedirectTooMany, fetch.CSPConnectSrc, fetch.LNAPermissionDenied, fetch.LNAPermissionRequired, fetch.LNAInsecureContext:
		return ""
	}
	switch {
	case f.Header == "":
		return ""
	case f.Lines == 0 && f.Got == "":
		return "no " + f.Header
	case f.Lines > 1:
		return fmt.Sprintf("%s: %s (%d lines)", f.Header, got(f), f.Lines)
	}
	return f.Header + ": " + got(f)
}

// wantLine is the line that would have passed; empty where there is none to recommend.
func wantLine(t *fetch.Trace) string {
	f := t.Failure
	switch f.ID {
	case fetch.PreflightStatus, fetch.PreflightAuth, fetch.PreflightRedirect:
		return "status 200 to 299"
	case fetch.AllowMethodsUnparsable, fetch.AllowHeadersUnparsable, fetch.HeaderInvalid, fetch.RedirectScheme, fetch.RedirectOriginNull:
		return ""
	}
	switch {
	case f.Header == "" || f.Want == "" || f.ID == fetch.CSPConnectSrc:
		return ""
	case f.Want == "null" && credentialed(t):
		return ""
	case f.Want == "null":
		return f.Header + ": *"
	}
	return f.Header + ": " + want(f)
}

// ownLine is the console line of the browser that the explanation is about; the Standard has none.
func ownLine(e *Explanation) string {
	switch e.Trace.Browser {
	case chromium:
		return e.Console.Chromium
	case firefox:
		return e.Console.Firefox
	case webkit:
		return e.Console.WebKit
	}
	return ""
}

// sent lists what left the browser.
func (p *printer) sent(t *fetch.Trace) {
	for i := range t.Sent {
		s := &t.Sent[i]
		text := s.Method + " " + clip(s.URL)
		if s.Kind == fetch.KindPreflight {
			text += "  (preflight)"
		}
		if s.Response.Error != "" {
			text += "  no response: " + string(s.Response.Error)
		} else {
			text += "  " + strconv.Itoa(s.Response.Status)
		}
		p.item("sent", text, plain)
	}
}

// outcomeText says in a sentence what a fetch came to that did not fail.
func outcomeText(t *fetch.Trace) string {
	switch {
	case t.Outcome == fetch.Unsent:
		return "All passed up to the request itself, which could change something on the server and was not sent. What the server answers to it, and whether the page could read that, is unknown."
	case t.Outcome == fetch.Opaque && t.CORSNoneReason == fetch.NoneNavigation:
		return "A navigation: the document is shown, CORS does not apply, and the page cannot read it."
	case t.Outcome == fetch.Opaque:
		return "The request works, and its response is unreadable by design."
	}
	switch t.CORS {
	case fetch.CORSSimple:
		return "A simple cross-origin request: the server allows the page to read the response."
	case fetch.CORSPreflight:
		if t.PreflightCached {
			return "A cross-origin request whose preflight the browser still knows: the server allows the page to read the response."
		}
		return "A cross-origin request with a preflight: the server allows it, and allows the page to read the response."
	}
	switch t.CORSNoneReason {
	case fetch.NoneSameOrigin:
		return "The page's own origin: CORS does not apply."
	case fetch.NoneWebSocket, fetch.NoneWebTransport:
		return "CORS does not apply here: the server itself must check the Origin header."
	case fetch.NoneDataURL:
		return "A data: URL: any page may read it."
	case fetch.NoneNavigation:
		return "A navigation: CORS does not apply."
	}
	return "CORS does not apply."
}

// response tells what script can read.
func (p *printer) response(t *fetch.Trace) {
	r := t.Response
	if r == nil || r.Type != "cors" && r.Type != "basic" {
		return
	}
	p.item("read", "status "+strconv.Itoa(r.Status)+", the body, and "+headerNames(r.Visible), plain)
	if len(r.Hidden) > 0 {
		p.item("not", "the script cannot read "+headerNames(r.Hidden), plain)
	}
}

func headerNames(names []string) string {
	switch len(names) {
	case 0:
		return "no headers"
	case 1:
		return "the header " + names[0]
	}
	return "the headers " + clip(strings.Join(names, ", "))
}

func unused(n int) string {
	if n == 1 {
		return "1 recorded response was not asked for."
	}
	return strconv.Itoa(n) + " recorded responses were not asked for."
}

// steps lists the steps that the browser took.
func (p *printer) steps(t *fetch.Trace) {
	p.line(indent + p.styles.Faint("steps"))
	for _, s := range t.Steps {
		text := fmt.Sprintf("%s: %s, %s", stepName(s.Algorithm, s.Number), s.Outcome, clip(s.What))
		switch {
		case s.Got != "" && s.Want != "":
			text += fmt.Sprintf(" (got %s, want %s)", clip(stepText(&s, s.Got)), clip(stepText(&s, s.Want)))
		case s.Got != "":
			text += fmt.Sprintf(" (got %s)", clip(stepText(&s, s.Got)))
		}
		p.item("", text, plain)
	}
}
