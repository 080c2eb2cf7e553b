package explain

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/internal/term"
)

// An art is the characters that pictures are made of.
type art struct {
	lifeline, right, left, line, dash, toRight, toLeft, cross, note, cut string
}

func artOf(ascii bool) art {
	if ascii {
		return art{"|", "|", "|", "-", ".", ">", "<", "x", "*", "..."}
	}
	return art{"│", "├", "┤", "─", "╌", ">", "<", "✗", "●", "…"}
}

// lanes is how many lifelines there are at most: all servers share one, and a message tells which it is for when there are
// several.
const lanes = 3

// A sequencePrinter draws a sequence: lifelines at the left, and beside them what is passed between them.
type sequencePrinter struct {
	*printer
	s    *Sequence
	good bool // the page gets what it asked for
	art  art
	n    int // lifelines
	gap  int // columns from one lifeline to the next
}

// sequence draws a sequence with an empty line before it.
func (p *printer) sequence(e *Explanation, ascii bool) {
	s := SequenceOf(e)
	d := &sequencePrinter{printer: p, s: &s, good: e.Trace.Outcome == fetch.Allowed, art: artOf(ascii), n: min(len(s.Participants), lanes), gap: 9}
	const wide = 64
	if p.width < wide {
		d.gap = 3
	}
	d.line("")
	d.heads()
	d.row(d.lifelines(), "")
	for i := range s.Messages {
		d.message(&s.Messages[i])
	}
}

// heads names the lifelines: on one line where the names fit between them, otherwise each on its own.
func (d *sequencePrinter) heads() {
	names := []string{"page", "browser", "server"}
	switch servers := d.s.Participants[min(2, len(d.s.Participants)):]; {
	case len(servers) == 1:
		names[2] = servers[0].Name
	case len(servers) > 1:
		names[2] = "servers"
	}
	var line strings.Builder
	for i, name := range names[:d.n] {
		column := i * d.gap
		if term.Columns(line.String()) > column-1 && i > 0 {
			d.line(indent + d.styles.Faint(line.String()))
			line.Reset()
			for range i {
				line.WriteString(d.art.lifeline + strings.Repeat(" ", d.gap-1))
			}
		}
		line.WriteString(strings.Repeat(" ", max(column-term.Columns(line.String()), 0)))
		line.WriteString(term.Cut(name, d.width-len(indent)-column, d.art.cut))
	}
	d.line(indent + d.styles.Faint(line.String()))
}

// row writes one line of the picture.
func (d *sequencePrinter) row(lifelines, text string) { d.line(indent + lifelines + d.space() + text) }

// space stands between the last lifeline and the text.
func (d *sequencePrinter) space() string { return strings.Repeat(" ", min(d.gap, 6)/3) }

// room is how many columns the text has.
func (d *sequencePrinter) room() int {
	return d.width - len(indent) - (d.n-1)*d.gap - 1 - len(d.space())
}

func (d *sequencePrinter) message(m *Message) {
	style := d.style(m)
	mark := ""
	if m.Mark == MarkFailing && m.Kind != MessageResult {
		mark = d.art.cross + " "
	}
	text := m.Text
	if len(d.s.Participants) > lanes && m.To >= lanes-1 {
		text += "  to " + d.s.Participants[m.To].Name
	}
	if m.Remark != "" {
		text += "  (" + m.Remark + ")"
	}
	lifelines := d.arrow(m)
	for _, s := range d.wrap(text, d.room()-term.Columns(mark)) {
		d.row(lifelines, style(mark+s))
		lifelines, mark = d.lifelines(), strings.Repeat(" ", term.Columns(mark))
	}
	for _, l := range m.Lines {
		d.lineOf(l)
	}
	if m.More > 0 {
		d.lineOf(Line{Text: "(" + moreFields(m.More) + ")"})
	}
}

func (d *sequencePrinter) style(m *Message) func(string) string {
	switch {
	case m.Mark == MarkFailing:
		return d.styles.Bad
	case m.Kind == MessageResult && d.good:
		return d.styles.Good
	case m.Kind == MessageNote:
		return plain
	}
	return d.styles.Strong
}

// lineOf writes a line of a message: its mark, then the text with its further lines set in.
func (d *sequencePrinter) lineOf(l Line) {
	mark, style := "  ", plain
	switch l.Mark {
	case MarkFailing:
		mark, style = d.art.cross+" ", d.styles.Bad
	case MarkWanted:
		mark, style = "+ ", d.styles.Good
	}
	const in = 2
	for i, s := range d.wrap(l.Text, d.room()-len("  ")-in) {
		if i > 0 {
			mark = strings.Repeat(" ", len("  ")+in)
		}
		d.row(d.lifelines(), style(mark+s))
	}
}

// wrap breaks a text into rows, and cuts one that is very long: values are here to be recognised.
func (d *sequencePrinter) wrap(text string, width int) []string {
	const most = 6
	rows := term.Break(text, width)
	if len(rows) > most {
		rows = rows[:most]
		rows[most-1] = term.Cut(rows[most-1], width-term.Columns(d.art.cut), "") + d.art.cut
	}
	return rows
}

func moreFields(n int) string {
	if n == 1 {
		return "and 1 more header"
	}
	return fmt.Sprintf("and %d more headers", n)
}

// lifelines is a row in which nothing happens.
func (d *sequencePrinter) lifelines() string {
	return d.styles.Faint(d.art.lifeline + strings.Repeat(strings.Repeat(" ", d.gap-1)+d.art.lifeline, d.n-1))
}

// arrow is the row in which a message passes.
func (d *sequencePrinter) arrow(m *Message) string {
	from, to := min(m.From, d.n-1), min(m.To, d.n-1)
	left := min(from, to)
	var b strings.Builder
	for i := range d.n {
		switch {
		case from == to && i == from && m.Stop:
			b.WriteString(d.styles.Bad(d.art.cross))
		case from == to && i == from:
			b.WriteString(d.art.note)
		case from < to && i == from:
			b.WriteString(d.art.right)
		case from > to && i == from:
			b.WriteString(d.art.left)
		default:
			b.WriteString(d.styles.Faint(d.art.lifeline))
		}
		switch {
		case i == d.n-1:
		case from != to && i == left:
			b.WriteString(d.shaft(m, from < to))
		default:
			b.WriteString(strings.Repeat(" ", d.gap-1))
		}
	}
	return b.String()
}

// shaft is the arrow between two lifelines: what stops has a cross, and what does not arrive ends there.
func (d *sequencePrinter) shaft(m *Message, toRight bool) string {
	line := d.art.line
	if m.Unsent {
		line = d.art.dash
	}
	length := d.gap - 1
	half := (length - 1) / 2
	// From the one who sends: the first part, the cross, the rest with the head.
	tail, cross, rest := strings.Repeat(line, half), line, strings.Repeat(line, length-half-2)
	head := d.art.toRight
	if !toRight {
		head = d.art.toLeft
	}
	if m.Stop {
		cross = d.styles.Bad(d.art.cross)
	}
	if m.Stop && m.Unsent {
		rest, head = strings.Repeat(" ", length-half-2), " "
	}
	if toRight {
		return tail + cross + rest + head
	}
	return head + rest + cross + tail
}
