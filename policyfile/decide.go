package policyfile

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/internal/secrets"
	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

// A Question is a request of a page.
type Question struct {
	Policy      string   // to use instead of the routes; empty for the routes, or the only policy
	Origin      string   // of the page: a URL, an origin, or null
	Method      string   // as a script would write it
	Target      string   // a path, or a URL where routes have hosts
	Headers     []string // that the page sets: a name, or a name and a value after a colon
	Credentials bool     // whether the request carries credentials
}

// A Decision is what a page gets for a [Question], as concors decide --json prints it; docs/json.md documents it.
type Decision struct {
	Outcome   fetch.Outcome  `json:"outcome"`
	Policy    string         `json:"policy"` // empty where CORS is off
	Route     string         `json:"route"`  // the path of the route; empty for none
	Preflight bool           `json:"preflight"`
	Why       string         `json:"why"`
	Exchanges []ExchangeStep `json:"exchanges"`

	question Question
	origin   string
}

// An ExchangeStep is one request and its answer, with the headers that CORS has in it.
type ExchangeStep struct {
	Kind            fetch.Kind  `json:"kind"`
	Method          string      `json:"method"`
	RequestHeaders  [][2]string `json:"request_headers"`
	Status          int         `json:"status"`
	ResponseHeaders [][2]string `json:"response_headers"`
}

// Decide answers a question. The error says what is wrong with the question.
func (f *File) Decide(q Question) (*Decision, error) {
	page, err := fetch.NewPage(q.Origin)
	if err != nil {
		return nil, fmt.Errorf("invalid origin %q: want an origin, a URL or null", secrets.InLine(q.Origin))
	}
	if q.Policy != "" && f.Policies[q.Policy] == nil || q.Policy == "" && len(f.Routes) == 0 {
		if _, err := f.Policy(q.Policy); err != nil {
			return nil, err
		}
	}
	url, err := target(q.Target)
	if err != nil {
		return nil, err
	}
	request := &fetch.Request{URL: url, Method: q.Method, Credentials: fetch.CredentialsOmit}
	if q.Credentials {
		request.Credentials = fetch.CredentialsInclude
	}
	for _, line := range q.Headers {
		name, value, found := strings.Cut(line, ":")
		if value = header.Normalize(value); !found {
			value = usualValue(name)
		}
		if !header.IsToken(name) || !header.IsValue(value) {
			return nil, fmt.Errorf("invalid header %q: want a name, or a name, a colon and a value", name)
		}
		request.Header.Append(name, value)
	}
	e, err := f.exchange(&page, request, q.Policy)
	if err != nil {
		return nil, err
	}
	d := &Decision{
		Outcome: e.trace.Outcome, Policy: e.policy, Preflight: e.trace.CORS == fetch.CORSPreflight, Why: e.why(), Exchanges: []ExchangeStep{},
		question: q, origin: page.Origin.String(),
	}
	if e.route != nil {
		d.Route = e.route.Path
	}
	for i := range e.trace.Sent {
		s := &e.trace.Sent[i]
		d.Exchanges = append(d.Exchanges, ExchangeStep{
			Kind: s.Kind, Method: s.Method, RequestHeaders: protocolHeaders(s.Header), Status: s.Response.Status, ResponseHeaders: protocolHeaders(s.Response.Header),
		})
	}
	return d, nil
}

// target is the URL of a path on the synthetic server, or a URL itself.
func target(text string) (string, error) {
	if strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") {
		text = server + text
	}
	u, err := weburl.Parse(text, nil)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("invalid path %q: want one that begins with a slash, or a URL of http or https", secrets.InLine(text))
	}
	return text, nil
}

// usualValue is a value that a header has where only its name is known: for Content-Type one that needs permission.
func usualValue(name string) string {
	if header.EqualFold(name, header.ContentType) {
		return "application/json"
	}
	return "1"
}

// protocolHeaders are those that CORS has in a message.
func protocolHeaders(list header.List) [][2]string {
	out := [][2]string{}
	for _, f := range list {
		lower := header.Lower(f.Name)
		if lower == "origin" || lower == "vary" || strings.HasPrefix(lower, "access-control-") {
			out = append(out, [2]string{f.Name, f.Value})
		}
	}
	return out
}

// WriteText writes the answer for a reader: verdict, why, and the exchange.
func (d *Decision) WriteText(w io.Writer, l report.Layout) error {
	p := term.NewPrinter(l.Styles, l.Width)
	style := p.Bad
	if d.Outcome == fetch.Allowed {
		style = p.Good
	}
	p.Beside(style(string(d.Outcome))+"  ", "  ", d.question.Method+" "+secrets.InLine(d.question.Target)+"  from "+d.origin, p.Strong)
	p.Beside("  ", "  ", sentence(d.Why), nil)
	if d.Route != "" {
		policy := "policy " + d.Policy
		if d.Policy == "" {
			policy = "CORS is off"
		}
		p.Item("route", d.Route+", "+policy)
	}
	switch {
	case d.Preflight:
		p.Item("asks", "the browser asks with a preflight first")
	case len(d.Exchanges) > 0:
		p.Item("asks", "no preflight: the browser sends the request at once")
	}
	for _, s := range d.Exchanges {
		text := s.Method
		if s.Kind == fetch.KindPreflight {
			text += " (preflight)"
		}
		p.Item("sent", text+joined(s.RequestHeaders))
		p.Item("got", strconv.Itoa(s.Status)+joined(s.ResponseHeaders))
	}
	_, err := p.WriteTo(w)
	return err
}

// joined is a line for each header.
func joined(headers [][2]string) string {
	var b strings.Builder
	for _, h := range headers {
		b.WriteString("\n" + h[0] + ": " + h[1])
	}
	return b.String()
}

// sentence is a clause as a sentence of its own.
func sentence(clause string) string {
	if clause == "" {
		return ""
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}

// allows reports whether a policy lets a page of an origin make a request with a method and one header beside those that need
// no permission, and read the answer. An empty method is GET; an empty header is none. A nil policy allows nothing.
func allows(p *cors.Policy, origin, method, name string) bool {
	if p == nil {
		return false
	}
	ask := cors.Request{Method: "OPTIONS", Origin: []string{origin}, RequestMethod: []string{method}}
	if method == "" {
		ask.RequestMethod = []string{"GET"}
	}
	if name != "" {
		ask.RequestHeaders = []string{name}
	}
	d := p.Decide(ask)
	return d.Kind == cors.Preflight && d.Allowed()
}
