package explain

import (
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/internal/term"
)

// A picture is a sequence as shapes, for an SVG. Its text is measured in columns of a monospace font, which the SVG holds it
// to whatever font there is.
type picture struct {
	ID            string // prefix of the ids in it
	Class         string
	Title, Desc   string
	Width, Height int

	Boxes  []rect // of the participants
	Bands  []rect // behind lines that are marked
	Lines  []stroke
	Shapes []shape // heads of arrows, crosses, dots
	Texts  []label
}

type rect struct {
	Class               string
	X, Y, Width, Height int
}

type stroke struct {
	Class          string
	X1, Y1, X2, Y2 int
}

type shape struct{ Class, D string }

// A label is one line of text; Full is all of it where it is cut.
type label struct {
	Class, Anchor string
	X, Y, Length  int
	Text, Full    string
}

// A sheet is the measures of a picture.
type sheet struct {
	class   string
	column  int // width of a character
	row     int // height of a line of text
	narrow  bool
	mostRow int // rows of a line of a message; what is longer is cut
}

// wideSheet has the text between the lifelines, with one for each server.
func wideSheet() sheet { return sheet{class: "wide", column: 8, row: 18, mostRow: 3} }

// narrowSheet has it at the right of three lifelines, for a screen as narrow as that of a telephone.
func narrowSheet() sheet { return sheet{class: "narrow", column: 7, row: 17, narrow: true, mostRow: 6} }

// The measures in the wide sheet: where the first lifeline stands, and how far it is to the next one.
const (
	firstLane  = 90
	toBrowser  = 330
	toServer   = 500
	toNext     = 132 // from server to server
	boxWidth   = 168
	nextWidth  = 124 // of the box of a server after the first
	boxHeight  = 46
	mostLanes  = 6   // with more, all servers share one
	narrowWide = 344 // width of the narrow sheet
	narrowLane = 26
	narrowText = 2*narrowLane + 24
)

// A drawing puts a picture together from top to bottom.
type drawing struct {
	sheet
	picture
	s    *Sequence
	good bool // the page gets what it asked for
	n    int  // lifelines
	y    int  // of what is drawn next
}

// draw draws a sequence on a sheet.
func draw(e *Explanation, s *Sequence, id string, on sheet) picture {
	d := &drawing{sheet: on, s: s, good: e.Trace.Outcome == fetch.Allowed, n: len(s.Participants)}
	if on.narrow || d.n > mostLanes {
		d.n = min(d.n, lanes)
	}
	d.ID, d.Class = id, on.class
	d.Title, d.Desc = "The exchange: "+string(e.Trace.Outcome), describe(s)
	d.Width = d.width()
	d.heads()
	top := d.y
	for i := range s.Messages {
		d.message(&s.Messages[i])
	}
	d.Height = d.y + d.row
	d.lifelines(top)
	return d.picture
}

func (d *drawing) width() int {
	switch {
	case d.narrow:
		return narrowWide
	case d.n > 2:
		return d.lane(d.n-1) + boxWidth/2 + 2
	}
	for i := range d.s.Messages {
		if m := &d.s.Messages[i]; m.From == m.To {
			return firstLane + toBrowser + toServer // a note stands where the server would be
		}
	}
	return firstLane + toBrowser + boxWidth/2 + 2
}

// lane is where the lifeline of a participant stands.
func (d *drawing) lane(participant int) int {
	participant = min(participant, d.n-1)
	switch {
	case d.narrow:
		return 8 + participant*narrowLane
	case participant < 2:
		return firstLane + participant*toBrowser
	}
	x := firstLane + toBrowser + toServer
	if participant > 2 {
		x += (boxWidth-nextWidth)/2 + (participant-2)*toNext
	}
	return x
}

// together reports whether a participant shares its lifeline with others.
func (d *drawing) together(participant int) bool {
	return len(d.s.Participants) > d.n && participant >= d.n-1
}

// heads draws the participants.
func (d *drawing) heads() {
	if d.narrow {
		d.narrowHeads()
		return
	}
	for i, p := range d.s.Participants[:d.n] {
		if d.together(i) {
			p = Participant{"servers", strconv.Itoa(len(d.s.Participants) - i)}
		}
		x, width := d.lane(i), boxWidth
		if i > 2 {
			width = nextWidth
		}
		d.Boxes = append(d.Boxes, rect{"participant", x - width/2, 1, width, boxHeight})
		d.Texts = append(d.Texts, label{Class: "role", Anchor: "middle", X: x, Y: 19, Text: string(p.Role)})
		name := d.cut(p.Name, (width-12)/d.column)
		name.Class, name.Anchor, name.X, name.Y = "name", "middle", x, 37
		d.Texts = append(d.Texts, name)
	}
	d.y = boxHeight + 8
}

// narrowHeads names the lifelines one under the other, each beside the upper end of its own.
func (d *drawing) narrowHeads() {
	for i, p := range d.s.Participants[:d.n] {
		d.y += d.row
		text := string(p.Role) + ": " + p.Name
		if d.together(i) {
			text = "servers"
		}
		name := d.cut(text, (narrowWide-d.lane(i)-4)/d.column)
		name.Class, name.X, name.Y = "name", d.lane(i)-4, d.y
		d.Texts = append(d.Texts, name)
	}
	d.y += 6
}

// cut is a label that is cut to a number of columns.
func (d *drawing) cut(text string, columns int) label {
	l := label{Text: term.Cut(text, columns, "…")}
	if l.Text != text {
		l.Full = text
	}
	l.Length = term.Columns(l.Text) * d.column
	return l
}

// lifelines draws them from the heads to the bottom, behind what is there.
func (d *drawing) lifelines(top int) {
	var behind []stroke
	for i := range d.n {
		x, y := d.lane(i), boxHeight+1
		if d.narrow {
			y = min((i+1)*d.row+5, top)
		}
		behind = append(behind, stroke{"lifeline", x, y, x, d.Height - 2})
	}
	d.Lines = append(behind, d.Lines...)
}

// describe tells a sequence in sentences, for who cannot see the picture.
func describe(s *Sequence) string {
	var b strings.Builder
	who := func(i int) string {
		if p := s.Participants[i]; p.Role == RoleServer {
			return p.Name
		}
		return "the " + string(s.Participants[i].Role)
	}
	for i := range s.Messages {
		m := &s.Messages[i]
		if i > 0 {
			b.WriteString(" ")
		}
		if m.From == m.To {
			b.WriteString("In " + who(m.From) + ": " + m.Text)
		} else {
			b.WriteString("From " + who(m.From) + " to " + who(m.To) + ": " + m.Text)
		}
		if m.Remark != "" {
			b.WriteString(" (" + m.Remark + ")")
		}
		for _, l := range m.Lines {
			if l.Mark != "" {
				b.WriteString("; " + markWord(l.Mark) + ": " + l.Text)
			}
		}
		if m.Stop {
			b.WriteString("; the fetch stops here")
		}
		b.WriteString(".")
	}
	return b.String()
}

// markWord is the word that stands beside a marked line.
func markWord(m Mark) string {
	switch m {
	case MarkFailing:
		return "fails"
	case MarkWanted:
		return "wanted"
	}
	return ""
}
