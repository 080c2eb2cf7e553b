package explain

import (
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// message writes an explanation that is made from a message: like any, with what the message does not tell left out, and
// with what else its words could stand for.
func (p *printer) message(e *Explanation) {
	t, m := e.Trace, e.Message
	style := p.styles.Bad
	if t.Failure == nil {
		style = p.styles.Warn
	}
	p.line(style(messageVerdict(t)) + indent + p.styles.Strong(clip(escape(requestTold(t)))))
	if f := t.Failure; f != nil {
		p.paragraph(e.Why)
		if s := gotLine(f); s != "" {
			p.item("got", clip(s), p.styles.Bad)
		}
		if s := wantLine(t); s != "" {
			p.item("want", clip(s), p.styles.Good)
		}
		if f.Algorithm != "" {
			p.item("step", stepName(f.Algorithm, f.Number)+"  "+f.StepURL(), plain)
		}
	}
	log := clip(m.Text)
	if m.Engine != "" {
		log += "  (" + browserName(m.Engine) + ")"
	}
	p.item("log", log, plain)
	if s := otherCauses(m); s != "" {
		p.item("or", s, plain)
	}
	for _, f := range e.Fixes {
		p.item("fix", f.Title, p.styles.Strong)
		p.item("", f.Text, plain)
	}
	for _, w := range e.Warnings {
		p.item("note", w.Why+" ("+w.ID+")", plain)
	}
	if m.Historic {
		p.item("note", "No browser of today prints this: the message is from an older one.", plain)
	}
}

// messageVerdict is the outcome; a message that warns tells of none.
func messageVerdict(t *fetch.Trace) string {
	if t.Failure == nil {
		return "warning"
	}
	return string(t.Outcome)
}

// requestTold is the request of the verdict, as far as it is told.
func requestTold(t *fetch.Trace) string {
	told := strings.TrimSpace(t.Request.Method + " " + t.Request.URL)
	if t.Request.URL == "" {
		told = strings.Join(strings.Fields("a "+t.Request.Method+" request"), " ")
	}
	if t.Page != nil {
		told += "  from " + t.Page.Origin.String()
	}
	return told
}

// otherCauses names what else the words of a message can stand for.
func otherCauses(m *ConsoleMessage) string {
	const many = 8
	switch others := m.Candidates[1:]; {
	case m.ID == causeNotTold:
		return "any of " + strconv.Itoa(len(m.Candidates)) + " failures that have these words: concors explain --list"
	case len(others) == 0:
		return ""
	case len(others) > many:
		return strings.Join(others[:many], ", ") + " and others: the words are the same"
	default:
		return strings.Join(others, ", ") + ": the words are the same"
	}
}
