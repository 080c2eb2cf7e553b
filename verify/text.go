package verify

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

// WriteText writes the result for a reader: the verdict, each check that failed with why, evidence and fix, then what to know.
func (r *Result) WriteText(w io.Writer, l report.Layout) error {
	p := term.NewPrinter(l.Styles, l.Width)
	p.Beside(r.verdict(p)+"  ", "  ", r.URL+": "+r.summary(), nil)
	r.writeFailures(p)
	warned := map[string]bool{}
	for i := range r.Checks {
		c := &r.Checks[i]
		if c.Pass && c.Warning != "" && !warned[c.Warning] {
			warned[c.Warning] = true
			p.Line("")
			p.Beside(p.Warn("warning")+"  ", "  ", c.Name, p.Strong)
			p.Beside("  ", "  ", sentence(c.Warning), nil)
		}
	}
	r.writeNotVerified(p)
	_, err := p.WriteTo(w)
	return err
}

func (r *Result) verdict(p *term.Printer) string {
	switch {
	case r.Fail > 0:
		return p.Bad("failed")
	case r.Unanswered > 0:
		return p.Warn("unknown")
	}
	return p.Good("passed")
}

func (r *Result) summary() string {
	total := r.Pass + r.Fail
	text := checksOf(total)
	if r.Fail > 0 {
		text = fmt.Sprintf("%d of %s", r.Fail, text)
	}
	if r.Unanswered > 0 {
		text += fmt.Sprintf("; %s could not be carried out", checksOf(r.Unanswered))
	}
	return text
}

func checksOf(n int) string {
	if n == 1 {
		return "1 check"
	}
	return strconv.Itoa(n) + " checks"
}

// writeFailures writes the checks that failed, those that failed alike together.
func (r *Result) writeFailures(p *term.Printer) {
	alike := map[string][]string{}
	for i := range r.Checks {
		if c := &r.Checks[i]; !c.Pass {
			alike[c.Why+c.Got] = append(alike[c.Why+c.Got], c.Name)
		}
	}
	for i := range r.Checks {
		c := &r.Checks[i]
		names := alike[c.Why+c.Got]
		if c.Pass || names[0] != c.Name {
			continue
		}
		c.write(p)
		for _, name := range names[1:] {
			p.Item("also", name)
		}
	}
}

func (c *CheckResult) write(p *term.Printer) {
	p.Line("")
	p.Beside(p.Bad("fail")+"  ", "  ", c.Name, p.Strong)
	p.Beside("  ", "  ", c.Why, nil)
	p.Item("got", c.Got)
	p.Item("want", c.Want)
	for i := range c.Exchange {
		e := &c.Exchange[i]
		p.Item("sent", e.Method+" "+e.URL+block(e.RequestHeaders, func(string) bool { return true }))
		answer := strconv.Itoa(e.Status)
		if e.Status == 0 {
			answer = string(e.Error)
		}
		p.Item("came", answer+block(e.ResponseHeaders, tells))
	}
	p.Item("fix", c.Fix)
}

// tells reports whether a header of a response has to do with what is verified.
func tells(lower string) bool {
	return strings.HasPrefix(lower, "access-control-") || lower == "vary" || lower == "location" || lower == "www-authenticate"
}

func block(headers [][2]string, shown func(lower string) bool) string {
	var b strings.Builder
	for _, h := range headers {
		if shown(strings.ToLower(h[0])) {
			b.WriteString("\n" + h[0] + ": " + cut(h[1]))
		}
	}
	return b.String()
}

// writeNotVerified lists what could not be seen, the reasons once each.
func (r *Result) writeNotVerified(p *term.Printer) {
	const most = 5 // names of one reason
	names := map[string][]string{}
	var reasons []string
	for _, n := range r.NotVerified {
		if names[n.Reason] == nil {
			reasons = append(reasons, n.Reason)
		}
		names[n.Reason] = append(names[n.Reason], n.Name)
	}
	for _, reason := range reasons {
		list := names[reason]
		p.Line("")
		p.Beside(p.Warn("not verified")+"  ", "  ", sentence(reason), nil)
		for _, name := range list[:min(most, len(list))] {
			p.Beside("  ", "    ", name, nil)
		}
		if len(list) > most {
			p.Beside("  ", "    ", fmt.Sprintf("and %d more", len(list)-most), nil)
		}
	}
}

// sentence is a clause as a sentence of its own.
func sentence(clause string) string {
	if clause == "" {
		return ""
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}
