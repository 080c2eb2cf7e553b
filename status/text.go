package status

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

// WriteText writes the status for a reader, with at most so many entries of each list. What came from requests is escaped.
func (s *Status) WriteText(w io.Writer, most int, l report.Layout) error {
	p := term.NewPrinter(l.Styles, l.Width)
	p.Line(p.Strong("since " + s.Since.Local().Format(time.DateTime)))
	s.writeRoutes(p, most)
	s.writeUpstreams(p)
	s.writeRefused(p, most)
	s.writeDiffering(p, most)
	s.writeUnseen(p, most)
	_, err := p.WriteTo(w)
	return err
}

// heading begins a list of so many entries.
func heading(p *term.Printer, text string, entries int) {
	p.Line("")
	p.Line(p.Strong(text) + p.Faint(" "+strconv.Itoa(entries)))
}

// more tells of entries that are not shown.
func more(p *term.Printer, all, most int) {
	if all > most {
		p.Line(p.Faint(fmt.Sprintf("  and %d more", all-most)))
	}
}

func (s *Status) writeRoutes(p *term.Printer, most int) {
	heading(p, "routes", len(s.Routes))
	for i := range s.Routes[:min(len(s.Routes), most)] {
		r := &s.Routes[i]
		policy := "no policy"
		if r.Policy != "" {
			policy = "policy " + r.Policy
		}
		if r.Shadow != "" {
			policy += ", shadow " + r.Shadow
		}
		allowed, refused, preflights := r.sums()
		p.Beside("  ", "    ", fmt.Sprintf("%s  (%s)", r.Route, policy), nil)
		p.Line(fmt.Sprintf("    %d allowed, %d refused, of which %d preflights", allowed, refused, preflights))
	}
	more(p, len(s.Routes), most)
}

func (r *Route) sums() (allowed, refused, preflights uint64) {
	for _, d := range r.Decisions {
		if d.Outcome == OutcomeRefused {
			refused += d.Count
		} else {
			allowed += d.Count
		}
		if d.Kind == cors.Preflight.String() {
			preflights += d.Count
		}
	}
	return allowed, refused, preflights
}

func (s *Status) writeUpstreams(p *term.Printer) {
	if len(s.Upstreams) == 0 {
		return
	}
	heading(p, "upstreams", len(s.Upstreams))
	for _, u := range s.Upstreams {
		state := p.Good("well    ")
		if !u.Healthy {
			state = p.Bad("not well")
		}
		p.Beside("  "+state+"  ", "            ", fmt.Sprintf("%s  %d requests in flight, %d failures lately", u.Address, u.Requests, u.Fails), nil)
	}
}

func (s *Status) writeRefused(p *term.Printer, most int) {
	heading(p, "refused", len(s.Refused))
	for i := range s.Refused[:min(len(s.Refused), most)] {
		r := &s.Refused[i]
		r.write(p, r.Origin, "on "+r.Route, r.Why)
	}
	more(p, len(s.Refused), most)
}

func (s *Status) writeDiffering(p *term.Printer, most int) {
	for _, change := range []struct{ what, title string }{
		{WouldRefuse, "would be refused by the shadow policy"}, {WouldAllow, "would be allowed by the shadow policy"},
	} {
		var list []*Differing
		for i := range s.Differing {
			if d := &s.Differing[i]; d.Change == change.what {
				list = append(list, d)
			}
		}
		if len(list) == 0 && !s.hasShadow() {
			continue
		}
		heading(p, change.title, len(list))
		for _, d := range list[:min(len(list), most)] {
			d.write(p, d.Origin, fmt.Sprintf("on %s, by %s", d.Route, d.Shadow), d.Why)
		}
		more(p, len(list), most)
	}
}

func (s *Status) hasShadow() bool {
	for i := range s.Routes {
		if s.Routes[i].Shadow != "" {
			return true
		}
	}
	return false
}

// write writes an entry of a list: how often, whose page, where and why.
func (s *Seen) write(p *term.Printer, origin, where, why string) {
	count := strconv.FormatUint(s.Count, 10)
	if s.AtMost > 0 {
		count = fmt.Sprintf("%d to %s", s.Count-s.AtMost, count)
	}
	p.Beside("  ", "    ", fmt.Sprintf("%s times  %s  %s, last at %s", count, origin, where, s.Last.Local().Format(time.DateTime)), nil)
	p.Beside("    ", "    ", why, p.Faint)
}

func (s *Status) writeUnseen(p *term.Printer, most int) {
	heading(p, "configured origins that never came", len(s.Unseen))
	for _, u := range s.Unseen[:min(len(s.Unseen), most)] {
		p.Beside("  ", "    ", fmt.Sprintf("%s  (policy %s)", u.Origin, u.Policy), nil)
	}
	more(p, len(s.Unseen), most)
}
