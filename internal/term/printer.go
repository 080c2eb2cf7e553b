package term

import (
	"io"
	"strings"
)

// A Printer lays out lines of an answer. Texts that it breaks into lines are escaped on the way, so that hostile bytes stay
// text; whole lines are the caller's. Make one with [NewPrinter].
type Printer struct {
	Styles
	width int
	b     strings.Builder
}

// NewPrinter returns a printer for lines of a width in columns; less than 40 counts as 40.
func NewPrinter(styles Styles, width int) *Printer {
	return &Printer{Styles: styles, width: max(width, minWidth)}
}

// Width is how wide a line may be.
func (p *Printer) Width() int { return p.width }

// Line writes a line as it is, without spaces at its end.
func (p *Printer) Line(line string) { p.b.WriteString(strings.TrimRight(line, " ") + "\n") }

// Beside writes a text beside a head; further lines stand below it, behind a margin that is as wide as the head. The style is
// that of the text, nil for none.
func (p *Printer) Beside(head, margin, text string, style func(string) string) {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = Escape(lines[i])
	}
	for _, line := range Wrap(strings.Join(lines, "\n"), p.width-columns(margin)) {
		if style != nil {
			line = style(line)
		}
		p.Line(head + line)
		head = margin
	}
}

// Item writes a label of at most five letters, and beside it what belongs to it. Nothing is written about an empty text.
func (p *Printer) Item(label, text string) {
	const margin = "        "
	if text != "" {
		p.Beside("  "+p.Faint(label)+strings.Repeat(" ", max(len(margin)-2-len(label), 1)), margin, text, nil)
	}
}

// WriteTo writes the lines.
func (p *Printer) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, p.b.String())
	return int64(n), err
}
