package explain

import (
	"fmt"
	"strings"

	"github.com/concors/concors/internal/term"
)

// A textBox is where the text of a message stands.
type textBox struct {
	x, columns int
	band       rect // X and Width of what is behind marked lines
}

func (d *drawing) textBox(m *Message) textBox {
	if d.narrow {
		return textBox{narrowText, (narrowWide - narrowText) / d.column, rect{X: narrowText - 6, Width: narrowWide - narrowText + 6}}
	}
	left, gap := d.lane(min(m.From, m.To)), toServer
	if left == d.lane(thePage) {
		gap = toBrowser
	}
	return textBox{left + 16, (gap - 32) / d.column, rect{X: left + 8, Width: gap - 16}}
}

func (d *drawing) message(m *Message) {
	box := d.textBox(m)
	d.y += d.row * 2 / 3
	class := "text"
	switch {
	case m.Mark == MarkFailing:
		class = "text failing"
	case m.Kind == MessageResult && d.good:
		class = "text good"
	}
	text := m.Text
	if d.together(m.To) {
		text += " to " + d.s.Participants[m.To].Name
	}
	top := d.y
	if m.Mark == MarkFailing && m.Kind != MessageResult {
		d.line(box, Line{text, m.Mark})
	} else {
		d.rows(box.x, box.columns, class, text)
	}
	if d.narrow || m.From == m.To {
		d.arrow(m, top+d.row-5)
	} else {
		d.y += 8
		d.arrow(m, d.y)
		d.y += 5
	}
	d.below(m, box)
}

// below draws what stands below the arrow of a message.
func (d *drawing) below(m *Message, box textBox) {
	if m.Remark != "" {
		d.rows(box.x, box.columns, "remark", "("+m.Remark+")")
	}
	for _, l := range m.Lines {
		d.line(box, l)
	}
	if m.More > 0 {
		d.rows(box.x, box.columns, "remark", "("+moreFields(m.More)+")")
	}
	if m.Stop {
		d.rows(box.x, box.columns, "stop", "The fetch stops here.")
	}
}

// line draws a line of a message, with a sign and a word for its mark.
func (d *drawing) line(box textBox, l Line) {
	word, class := markWord(l.Mark), "field "+string(l.Mark)
	if word == "" {
		d.rows(box.x, box.columns, "field", l.Text)
		return
	}
	const sign, words = 16, 7 // pixels; columns of the word with the space behind
	top := d.y
	x, columns := box.x+sign, box.columns-sign/d.column-1
	if d.narrow {
		d.rows(x, columns, class+" word", word)
	} else {
		d.Texts = append(d.Texts, label{Class: class + " word", X: x, Y: d.y + d.row - 5, Length: len(word) * d.column, Text: word})
		x, columns = x+words*d.column, columns-words
	}
	d.rows(x, columns, class, l.Text)
	d.Bands = append(d.Bands, rect{string(l.Mark), box.band.X, top, box.band.Width, d.y - top})
	if at := top + d.row/2; l.Mark == MarkFailing {
		d.cross("sign failing", box.x+4, at, 4)
	} else {
		d.Shapes = append(d.Shapes, shape{"sign wanted", fmt.Sprintf("M%d %dh10M%d %dv10", box.x-1, at, box.x+4, at-5)})
	}
}

// rows writes a text, in as many rows as it takes and the sheet allows; what follows the first is set in.
func (d *drawing) rows(x, columns int, class, text string) {
	const in = 2
	rows := []string{text}
	if term.Columns(text) > columns {
		rows = term.Break(text, columns-in)
	}
	full := ""
	if len(rows) > d.mostRow {
		rows[d.mostRow-1] = term.Cut(rows[d.mostRow-1], columns-in-1, "") + "…"
		rows, full = rows[:d.mostRow], text
	}
	for i, s := range rows {
		d.y += d.row
		l := label{Class: class, X: x, Y: d.y - 5, Length: term.Columns(s) * d.column, Text: s}
		if i > 0 {
			l.X += in * d.column
		}
		if i == len(rows)-1 {
			l.Full = full
		}
		d.Texts = append(d.Texts, l)
	}
}

// arrow draws how a message passes at a height: a dot for a note, otherwise an arrow, with a cross where the fetch stops.
func (d *drawing) arrow(m *Message, y int) {
	from, to := d.lane(m.From), d.lane(m.To)
	class := "arrow"
	switch {
	case m.Stop || m.Mark == MarkFailing:
		class += " failing"
	case m.Kind == MessageResult && d.good:
		class += " good"
	}
	if from == to {
		if m.Stop {
			d.cross("cross", from, y, 6)
			return
		}
		d.Shapes = append(d.Shapes, shape{"dot", fmt.Sprintf("M%d %da4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", from-4, y)})
		return
	}
	middle := from + (to-from)/2
	end := to
	if m.Unsent {
		class += " unsent"
		if m.Stop {
			end = middle
		}
	}
	d.Lines = append(d.Lines, stroke{class, from, y, end, y})
	size := 8
	if d.narrow {
		size = 6
	}
	if end == to {
		back := size
		if to > from {
			back = -size
		}
		d.Shapes = append(d.Shapes, shape{strings.Replace(class, "arrow", "head", 1), fmt.Sprintf("M%d %dl%d %dv%dz", to, y, back, -size/2, size)})
	}
	if m.Stop {
		d.cross("cross", middle, y, size*3/4)
	}
}

// cross draws a cross around a point.
func (d *drawing) cross(class string, x, y, size int) {
	d.Shapes = append(d.Shapes, shape{class, fmt.Sprintf("M%d %dl%d %dM%d %dl%d %d", x-size, y-size, 2*size, 2*size, x+size, y-size, -2*size, 2*size)})
}
