package explain

import (
	"io"
	"strings"
)

// WriteCatalogue writes the ids and titles of the whole catalogue.
func WriteCatalogue(w io.Writer, l Layout) error {
	p := newPrinter(l)
	kind := KindFailure
	p.line("Failures")
	for _, e := range Entries() {
		if e.Kind != kind {
			kind = e.Kind
			p.line("")
			if kind == KindWarning {
				p.line("Warnings: nothing fails, and something is about to")
			} else {
				p.line("Found only in what a browser printed")
			}
		}
		const column = 36
		if p.width < 2*column {
			p.line(indent + p.styles.Strong(e.ID))
			p.item("", e.Title, plain)
			continue
		}
		p.line(indent + p.styles.Strong(e.ID) + strings.Repeat(" ", max(column-len(e.ID), 1)) + e.Title)
	}
	p.line("")
	p.paragraph("More about one: concors explain --about ID")
	_, err := io.WriteString(w, p.b.String())
	return err
}

// WriteEntry writes one entry of the catalogue.
func WriteEntry(w io.Writer, e *Entry, l Layout) error {
	p := newPrinter(l)
	p.line(p.styles.Strong(e.ID) + indent + e.Title)
	p.paragraph(e.What)
	if e.Algorithm != "" {
		p.item("step", stepName(e.Algorithm, e.Number)+"  "+specURL(e.Algorithm), plain)
	}
	p.item("fix", e.FixTitle, p.styles.Strong)
	p.item("", e.Fix, plain)
	p.item("read", e.ReferenceURL(), plain)
	c := e.Templates()
	for _, engine := range []struct{ name, line string }{{chromium, c.Chromium}, {firefox, c.Firefox}, {webkit, c.WebKit}} {
		if engine.line != "" {
			p.line(indent + p.styles.Faint(browserName(engine.name)+" prints"))
			p.item("", engine.line, plain)
		}
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}
