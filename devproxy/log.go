package devproxy

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/internal/term"
)

// A Log writes a line for each exchange and, where the API would have refused the page, why; the first time also what its owner
// has to be told. Make one with [NewLog]. It is not safe for concurrent use.
type Log struct {
	w      io.Writer
	styles term.Styles
	width  int
	told   map[advice]bool
}

// An advice is what was said about a kind of request.
type advice struct {
	method, path string
	failure      fetch.FailureID
	credentials  bool
}

const (
	mostAdvice   = 1000 // kinds of requests that are remembered; after that no more is said
	longestShown = 300  // bytes of a request's target in a line
)

// NewLog returns a log that writes lines of a width in columns; those of requests are as long as they are.
func NewLog(w io.Writer, styles term.Styles, width int) *Log {
	return &Log{w: w, styles: styles, width: width, told: map[advice]bool{}}
}

// Write writes an exchange.
func (l *Log) Write(x *Exchange) error {
	p := term.NewPrinter(l.styles, l.width)
	p.Line(l.line(x))
	if x.Refused() && l.isNews(x) {
		for _, fix := range x.Explanation.Fixes {
			p.Item("tell", fix.Title+"\n"+fix.Text)
		}
	}
	_, err := p.WriteTo(l.w)
	return err
}

// line is the line of an exchange: what was asked, what was answered, and what the API would have done.
func (l *Log) line(x *Exchange) string {
	status := l.styles.Good(fmt.Sprint(x.Status))
	if x.Status == 0 || x.Status >= 400 {
		status = l.styles.Bad(fmt.Sprintf("%03d", x.Status))
	}
	parts := []string{
		status, l.styles.Strong(term.Escape(clip(x.Method)) + " " + term.Escape(clip(x.Target))), x.Duration.Round(time.Millisecond).String(),
	}
	switch {
	case x.Preflight:
		parts = append(parts, l.styles.Faint("preflight"))
	case x.Refused() && x.IfCredentialed:
		parts = append(parts, l.styles.Bad("blocked")+" without the proxy, if it is made with credentials: "+term.Escape(x.Explanation.Why))
	case x.Refused():
		parts = append(parts, l.styles.Bad("blocked")+" without the proxy: "+term.Escape(x.Explanation.Why))
	}
	for _, note := range x.Notes {
		parts = append(parts, term.Escape(note))
	}
	return strings.Join(parts, "  ")
}

// isNews reports whether what is to be told about an exchange was not told before.
func (l *Log) isNews(x *Exchange) bool {
	path, _, _ := strings.Cut(x.Target, "?")
	key := advice{clip(x.Method), clip(path), x.Explanation.Trace.Failure.ID, x.IfCredentialed}
	if l.told[key] || len(l.told) == mostAdvice {
		return false
	}
	l.told[key] = true
	return true
}

func clip(s string) string {
	if len(s) > longestShown {
		return s[:longestShown] + "..."
	}
	return s
}
