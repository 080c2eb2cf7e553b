package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/concors/concors/internal/secrets"
	"github.com/concors/concors/internal/term"
)

// A Layout is how findings are written: the styles, and a width in columns; less than 40 counts as 40.
type Layout struct {
	Styles term.Styles
	Width  int
}

// Files are the contents of the files that findings are about, by the name that they have in the findings.
type Files map[string][]byte

// WriteText writes findings for a reader: place, severity and message; the line that it is about, where its file is among
// those given, with a caret below; what to do. Secrets in the line are masked; a line of a Secret finding is left out.
func WriteText(w io.Writer, list []Finding, files Files, l Layout) error {
	p := term.NewPrinter(l.Styles, l.Width)
	lines := map[string][][]byte{}
	for i := range list {
		f := &list[i]
		if i > 0 {
			p.Line("")
		}
		if _, split := lines[f.File]; !split {
			lines[f.File] = bytes.Split(files[f.File], []byte("\n"))
		}
		writeFinding(p, f, lines[f.File])
	}
	_, err := p.WriteTo(w)
	return err
}

func writeFinding(p *term.Printer, f *Finding, lines [][]byte) {
	style := p.Faint
	switch f.Severity {
	case Error:
		style = p.Bad
	case Warning:
		style = p.Warn
	}
	place := f.place()
	head := string(f.Severity) + ": "
	if place != "" {
		head = place + ": " + head
	}
	margin := "  "
	text := f.Message + " (" + f.Rule + ")"
	for i, line := range term.Wrap(head+term.Escape(text), p.Width()-len(margin)) {
		if i == 0 {
			// The head is one word for a program that reads places, so a break in it is none of the styles'.
			if rest, ok := strings.CutPrefix(line, head); ok {
				line = p.Strong(strings.TrimSuffix(head, string(f.Severity)+": ")) + style(string(f.Severity)) + ": " + rest
			}
			p.Line(line)
			continue
		}
		p.Line(margin + line)
	}
	if f.Line > 0 && f.Line <= len(lines) && !f.Secret {
		writeExcerpt(p, f, string(bytes.TrimSuffix(lines[f.Line-1], []byte("\r"))))
	}
	p.Item("fix", f.Fix)
}

// place is where the finding is, as compilers write it.
func (f *Finding) place() string {
	if f.File == "" {
		return ""
	}
	place := term.Escape(f.File)
	if f.Line > 0 {
		place += ":" + strconv.Itoa(f.Line)
		if f.Column > 0 {
			place += ":" + strconv.Itoa(f.Column)
		}
	}
	return place
}

// writeExcerpt shows a line, or the part of it around the column, and a caret below the column.
func writeExcerpt(p *term.Printer, f *Finding, line string) {
	line = secrets.InLine(strings.ToValidUTF8(line, "\uFFFD"))
	gutter := fmt.Sprintf("  %d | ", f.Line)
	room := p.Width() - len(gutter)
	var before, rest strings.Builder
	column := 1
	for _, c := range line {
		to := &rest
		if column < f.Column {
			to = &before
		}
		if c == '\t' {
			c = ' '
		}
		to.WriteString(term.Escape(string(c)))
		column++
	}
	head, tail := before.String(), rest.String()
	if term.Columns(head)+term.Columns(tail) > room {
		// A third of the room for what stands before the column, the rest for what follows.
		head = lastColumns(head, max(room/3, room-term.Columns(tail)))
		tail = firstColumns(tail, room-term.Columns(head))
	}
	p.Line(p.Faint(gutter) + head + tail)
	if f.Column > 0 {
		p.Line(p.Faint(strings.Repeat(" ", len(gutter)-2)+"|") + " " + strings.Repeat(" ", term.Columns(head)) + p.Bad("^"))
	}
}

// ellipsis stands for what is left out of a line.
const ellipsis = "..."

// firstColumns is the beginning of a text that has room in a width.
func firstColumns(s string, width int) string {
	if term.Columns(s) <= width {
		return s
	}
	end, used := 0, 0
	for i, c := range s {
		if used += term.Columns(string(c)); used > width-len(ellipsis) {
			break
		}
		end = i + len(string(c))
	}
	return s[:end] + ellipsis
}

// lastColumns is the end of a text that has room in a width.
func lastColumns(s string, width int) string {
	if term.Columns(s) <= width {
		return s
	}
	runes := []rune(s)
	start, used := len(runes), 0
	for start > 0 {
		if used += term.Columns(string(runes[start-1])); used > width-len(ellipsis) {
			break
		}
		start--
	}
	return ellipsis + string(runes[start:])
}
