package policyfile

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

// sentence says what a change is. Others says that some origins do not have it.
func (c *Change) sentence(others bool) string {
	verb := "can now "
	if c.Change == loss {
		verb = "can no longer "
	}
	var parts []string
	given := &c.Access
	switch {
	case given.Read && given.Credentials:
		parts = append(parts, "read responses as the signed-in user")
	case given.Read:
		parts = append(parts, "read responses")
	case given.Credentials:
		parts = append(parts, "send credentials, and read responses as the signed-in user")
	}
	add := func(verb, other string, list []string, without ...string) {
		var words []string
		for _, s := range list {
			switch {
			case s == OtherMethod, s == OtherHeader:
				words = append(words, other)
			case !slices.Contains(without, s):
				words = append(words, s)
			}
		}
		if len(words) > 0 {
			parts = append(parts, verb+" "+few(words))
		}
	}
	if given.Read {
		add("use", "any other method", given.Methods, "GET", "HEAD", "POST")
	} else {
		add("use", "any other method", given.Methods)
	}
	add("set", "any other header", given.RequestHeaders)
	add("read the headers", "all others", given.ResponseHeaders)
	who := few(c.Origins)
	if slices.Equal(c.Origins, []string{"*"}) {
		who = "any origin"
		if others {
			who = "any other origin"
		}
	}
	return "pages of " + who + " " + verb + few(parts) + " (" + few(c.Where) + ")"
}

// few lists words: a, b and c; many are counted.
func few(words []string) string {
	const most = 8
	switch n := len(words); {
	case n == 0:
		return "nothing"
	case n == 1:
		return words[0]
	case n > most:
		return strings.Join(words[:most], ", ") + fmt.Sprintf(" and %d more", n-most)
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// WriteText writes the result for a reader: the verdict, then each change with its proof. What widens access comes first.
func (d *DiffResult) WriteText(w io.Writer, l report.Layout) error {
	p := term.NewPrinter(l.Styles, l.Width)
	verdict, style := "same", p.Good
	switch {
	case d.Wider && d.Narrower:
		verdict, style = "wider and narrower", p.Bad
	case d.Wider:
		verdict, style = "wider", p.Bad
	case d.Narrower:
		verdict, style = "narrower", p.Warn
	}
	p.Beside(style(verdict)+"  ", "  ", d.old+" -> "+d.new, nil)
	if verdict == "same" {
		p.Beside("  ", "  ", "Nobody gains anything, and nobody loses anything.", nil)
	}
	for _, kind := range []string{gain, loss} {
		for i := range d.Changes {
			if c := &d.Changes[i]; c.Change == kind {
				p.Item(kind, c.Text)
				p.Item("", c.Proof.sentence())
			}
		}
	}
	_, err := p.WriteTo(w)
	return err
}

// sentence says what was asked, and how it is answered.
func (p *Proof) sentence() string {
	text := p.Method + " from " + p.Origin
	if p.Credentials {
		text += " with credentials"
	}
	if p.Header != "" {
		text += " with the header " + p.Header
	}
	if p.ResponseHeader != "" {
		text = "the response header " + p.ResponseHeader + " to " + text
	}
	return text + ": was " + p.Old + ", is " + p.New
}
