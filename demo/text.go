package demo

import (
	"fmt"
	"io"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/internal/term"
)

// WriteText writes explained mistakes for a reader: verdict, story, why, fix, in a few lines each. A layout less than 40
// columns wide counts as 40.
func (d *Demo) WriteText(w io.Writer, list []Explained, l explain.Layout) error {
	p := printer{term.NewPrinter(l.Styles, l.Width)}
	p.paragraph("", fmt.Sprintf("A page at %s asks an API at %s, which makes the classic mistakes of CORS. "+
		"This is what a browser does that follows the Fetch Standard.", d.page, d.api))
	if notice := d.Notice(); notice != "" {
		p.paragraph("", notice)
	}
	for i := range list {
		p.explained(&list[i])
	}
	p.Line("")
	p.paragraph("", "concors explain --about ID tells more of what stands in brackets.")
	_, err := p.WriteTo(w)
	return err
}

// A printer lays out explained mistakes.
type printer struct{ *term.Printer }

// paragraph writes a text below a margin.
func (p printer) paragraph(margin, text string) { p.Beside(margin, margin, text, nil) }

func (p printer) explained(e *Explained) {
	const margin = "         "
	style := p.Bad
	switch {
	case e.Trace.Outcome == fetch.Opaque, e.Fix.Title != "" && e.Trace.Outcome == fetch.Allowed:
		style = p.Warn
	case e.Trace.Outcome == fetch.Allowed:
		style = p.Good
	}
	p.Line("")
	p.Beside(style(fmt.Sprintf("%-*s", len(margin), e.Trace.Outcome)), margin, e.Title, p.Strong)
	p.paragraph("  ", e.Story)
	p.Item("why", reason(&e.Explanation))
	p.Item("note", e.difference())
	if e.Fix.Title != "" {
		p.Item("fix", e.Fix.Title+"\n"+e.Fix.Text)
	}
}

// reason says why it came to this: why it failed, or what is about to bite though it did not.
func reason(e *explain.Explanation) string {
	switch {
	case e.Trace.Failure != nil:
		return fmt.Sprintf("%s (%s)", e.Why, e.Trace.Failure.ID)
	case len(e.Warnings) > 0:
		return fmt.Sprintf("%s (%s)", e.Warnings[0].Why, e.Warnings[0].ID)
	}
	return ""
}

// difference says in which engines it comes to something else.
func (e *Explained) difference() string {
	var all []string
	for _, d := range e.Differs {
		all = append(all, displayName(d.Browser)+" ("+string(d.Outcome)+")")
	}
	if all == nil {
		return ""
	}
	return "Not so in " + strings.Join(all, ", ") + "."
}

// displayName is a browser's name as its makers write it.
func displayName(profile string) string {
	switch profile {
	case fetch.Chromium().Name:
		return "Chromium"
	case fetch.Firefox().Name:
		return "Firefox"
	case fetch.WebKit().Name:
		return "WebKit"
	}
	return "the Fetch Standard"
}
