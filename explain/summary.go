package explain

import (
	"fmt"
	"io"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/internal/term"
)

// gap stands between two columns of a summary.
const gap = "  "

// WriteSummary writes a recording as a table: a line for each cross-origin request with its outcome, method, URL, the origin of
// its page and the cause, cut to the width; then what is not in the table.
func WriteSummary(w io.Writer, r *Recording, l Layout) error {
	p := newPrinter(l)
	rows := make([]summaryRow, len(r.Explanations))
	var widest summaryWidths
	for i := range r.Explanations {
		rows[i] = newSummaryRow(r.Explanations[i].Trace)
		widest.grow(&rows[i])
	}
	widths := widest.within(p.width)
	for i := range rows {
		p.line(rows[i].text(&widths, p.styles))
	}
	if len(rows) > 0 {
		p.line("")
	}
	for _, text := range r.counts() {
		for _, s := range term.Wrap(escapeLines(text), p.width) {
			p.line(s)
		}
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// A summaryRow is one line of a summary.
type summaryRow struct {
	outcome                  fetch.Outcome
	method, url, page, cause string
}

func newSummaryRow(t *fetch.Trace) summaryRow {
	row := summaryRow{outcome: t.Outcome, method: escape(methodOf(t)), url: escape(urlOf(t)), page: escape(t.Page.Origin.String())}
	if t.Failure != nil {
		row.cause = string(t.Failure.ID)
	}
	return row
}

// summaryWidths are the widths of the columns of a summary.
type summaryWidths struct{ outcome, method, url, page, cause int }

func (w *summaryWidths) grow(row *summaryRow) {
	w.outcome = max(w.outcome, term.Columns(string(row.outcome)))
	w.method = max(w.method, term.Columns(row.method))
	w.url = max(w.url, term.Columns(row.url))
	w.page = max(w.page, term.Columns(row.page))
	w.cause = max(w.cause, term.Columns(row.cause))
}

// within shrinks the columns to a line of the given width. The page and the cause get a share each; the URL gets the rest, and
// gives them what it does not need.
func (w summaryWidths) within(width int) summaryWidths {
	const longestMethod = 7 // OPTIONS
	w.method = min(w.method, longestMethod)
	left := max(width-w.outcome-w.method-4*len(gap), 3)
	page, cause := min(w.page, left/4), min(w.cause, left/3)
	w.url = min(w.url, left-page-cause)
	w.cause = min(w.cause, left-w.url-page)
	w.page = min(w.page, left-w.url-w.cause)
	return w
}

// text is the line, with the outcome in its style.
func (row *summaryRow) text(w *summaryWidths, styles term.Styles) string {
	cell := func(s string, width int) string {
		if _, rest, found := strings.Cut(s, "://"); found && term.Columns(s) > width {
			s = rest // the host says more than the scheme
		}
		s = term.Cut(s, width, "...")
		return s + strings.Repeat(" ", width-term.Columns(s))
	}
	outcome := outcomeStyle(row.outcome, styles)(string(row.outcome)) + strings.Repeat(" ", w.outcome-len(row.outcome))
	return strings.Join([]string{
		outcome, cell(row.method, w.method), styles.Strong(cell(row.url, w.url)), cell(row.page, w.page), cell(row.cause, w.cause),
	}, gap)
}

// counts tells in sentences what is in the table, and what is not.
func (r *Recording) counts() []string {
	text := "No cross-origin requests."
	if len(r.Explanations) > 0 {
		var parts []string
		for _, outcome := range []fetch.Outcome{fetch.Blocked, fetch.Invalid, fetch.Prompt, Unknown, fetch.Allowed, fetch.Opaque} {
			n := 0
			for i := range r.Explanations {
				if r.Explanations[i].Trace.Outcome == outcome {
					n++
				}
			}
			if n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", n, outcome))
			}
		}
		text = plural(len(r.Explanations), "cross-origin request") + ": " + strings.Join(parts, ", ") + "."
	}
	lines := []string{text}
	var rest []string
	for _, count := range []struct {
		n    int
		what string
	}{{r.SameOrigin, "same-origin request"}, {r.Navigations, "page load"}, {r.Other, "request to no server"}} {
		if count.n > 0 {
			rest = append(rest, plural(count.n, count.what))
		}
	}
	if len(rest) > 0 {
		lines = append(lines, "Not listed: "+strings.Join(rest, ", ")+".")
	}
	if n := len(r.Unplaced); n > 0 {
		lines = append(lines, plural(n, "request")+" not judged, since the recording does not tell the page: "+named(r.Unplaced)+".")
	}
	if n := len(r.Unmatched); n > 0 {
		lines = append(lines, plural(n, "preflight")+" without the request: "+named(r.Unmatched)+".")
	}
	return lines
}

// named lists requests, the first few of them.
func named(list []RequestResult) string {
	const most = 3
	var parts []string
	for _, request := range list[:min(most, len(list))] {
		parts = append(parts, short(request.Method)+" "+short(request.URL))
	}
	if len(list) > most {
		parts = append(parts, "...")
	}
	return strings.Join(parts, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
