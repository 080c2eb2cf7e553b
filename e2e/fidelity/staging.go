package fidelity

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/e2e/stage"
)

// A NotStaged error says why a corpus case cannot be played by a page in a browser here.
type NotStaged struct{ Reason string }

func (e *NotStaged) Error() string { return "not staged: " + e.Reason }

// Stage turns a corpus case into the scenario of an engine on a theatre: each host X.example is X.localhost on one of the
// stage's ports, and the scenario's ID stands before every path. The error is a *NotStaged where that cannot be done.
func (t *Theatre) Stage(c *corpus.Case, profile, id string) (*Scenario, error) {
	if c.Unstaged != "" {
		return nil, &NotStaged{c.Unstaged}
	}
	if len(c.Pages) != 1 {
		return nil, &NotStaged{"more than one page"}
	}
	m := &mapping{theatre: t, id: id, ports: map[string]int{}}
	s := &Scenario{ID: id}
	var err error
	if s.Stage, err = m.page(&c.Pages[0]); err != nil {
		return nil, err
	}
	for i := range c.Fetches {
		if model, err := c.Pages[0].New(); err == nil && c.Fetches[i].Request.Body == fetch.BodyStream && model.HTTPVersion != httpVersion {
			return nil, &NotStaged{"a stream is not sent by HTTP/1.1"}
		}
	}
	base := ""
	if !s.Stage.Opaque {
		base = c.Pages[0].Text
	}
	for i := range c.Fetches {
		f := &c.Fetches[i]
		if err := stageable(f); err != nil {
			return nil, err
		}
		if s.Stage.Opaque && f.Request.Initiator == fetch.InitiatorForm {
			return nil, &NotStaged{"the sandbox has no forms"}
		}
		if !s.Stage.Opaque && (f.Request.Initiator == fetch.InitiatorForm || f.Request.Initiator == fetch.InitiatorLink) && strings.HasPrefix(s.Stage.Origin, "https:") && strings.HasPrefix(f.Request.URL, "http:") {
			return nil, &NotStaged{"the frame in which it is staged is held to mixed content"}
		}
		staged := Fetch{At: f.At, Request: f.Request}
		staged.Answers.Repeat = f.Request.Initiator == fetch.InitiatorMedia
		staged.Request.URL = m.url(f.Request.URL, base)
		for _, res := range f.Responses(profile) {
			staged.Answers.Ordered = append(staged.Answers.Ordered, m.response(res))
		}
		s.Fetches = append(s.Fetches, staged)
	}
	if m.err != nil {
		return nil, m.err
	}
	return s, nil
}

// stageable says why runner.js cannot make a fetch, if it cannot.
func stageable(f *corpus.Fetch) error {
	staged := []fetch.Initiator{
		"", fetch.InitiatorFetch, fetch.InitiatorXHR, fetch.InitiatorImage, fetch.InitiatorScript, fetch.InitiatorModuleScript,
		fetch.InitiatorStyle, fetch.InitiatorFont, fetch.InitiatorMedia, fetch.InitiatorCSSImage, fetch.InitiatorEventSource,
		fetch.InitiatorWorker, fetch.InitiatorBeacon, fetch.InitiatorWebSocket, fetch.InitiatorIframe, fetch.InitiatorLink,
		fetch.InitiatorForm,
	}
	switch {
	case !slices.Contains(staged, f.Request.Initiator):
		return &NotStaged{"a page here cannot make a " + string(f.Request.Initiator) + " request"}
	case f.Request.Stored != nil:
		return &NotStaged{"the HTTP cache is not primed"}
	case wantsORB(f, "chromium"), wantsORB(f, "firefox"):
		return &NotStaged{"opaque response blocking looks at the content"}
	case f.Request.BodyLength > 0 && f.Request.Body != fetch.BodyText:
		return &NotStaged{"a long body is staged as a string alone"}
	}
	return nil
}

func wantsORB(f *corpus.Fetch, profile string) bool {
	want := f.Want(profile)
	return want != nil && want.Failure == fetch.ORBBlocked
}

// mapping moves a case's origins to the stage's.
type mapping struct {
	theatre *Theatre
	id      string
	ports   map[string]int // explicit "scheme:port" to an index of the stage's ports
	err     error
}

// page maps a page with the environment that a server can give it.
func (m *mapping) page(p *corpus.Page) (Page, error) {
	model, err := p.New()
	if err != nil {
		return Page{}, fmt.Errorf("page %q: %w", p.Text, err)
	}
	out := Page{ReferrerPolicy: model.ReferrerPolicy, Embedder: model.COEP}
	for _, expression := range model.CSPConnectSrc {
		if loc := absoluteURL.FindStringIndex(expression); loc != nil && loc[1] < len(expression) {
			return Page{}, &NotStaged{"a source expression with a path"}
		}
	}
	if model.CSPConnectSrc != nil {
		out.ConnectSrc = m.origins(strings.Join(model.CSPConnectSrc, " "))
		if out.ConnectSrc == "" {
			out.ConnectSrc = "'none'"
		}
	}
	switch {
	case model.PageSpace != "" || model.TargetSpace != "" || model.LocalNetwork != "":
		return Page{}, &NotStaged{"address spaces are all loopback here"}
	case len(model.HSTS) > 0, model.HTTPVersion != "" && model.HTTPVersion != httpVersion:
		return Page{}, &NotStaged{"HSTS and later HTTP versions are not staged"}
	case len(model.Cookies) > 0, model.ThirdPartyCookies != "", model.TopLevelSite != "" && p.Text != "null":
		return Page{}, &NotStaged{"cookies and embedded pages are not staged"}
	case model.SecureContext != fetch.Unset:
		return Page{}, &NotStaged{"every page on loopback is a secure context"}
	case p.Text == "null":
		out.Origin, out.Opaque = m.theatre.PageOrigin("http"), true
		if model.TopLevelSite != "" {
			out.Origin = m.origins(model.TopLevelSite)
		}
		return out, nil
	case model.Origin.Scheme() != "http" && model.Origin.Scheme() != "https", !strings.HasSuffix(model.Origin.Host(), ".example"):
		return Page{}, &NotStaged{"the page's origin is not one that the stage can serve"}
	}
	out.Origin = m.origins(model.Origin.String())
	return out, m.err
}

// absoluteURL matches the origin of an http(s) URL on a host below .example, user info included, in the case in which
// browsers write it.
var absoluteURL = regexp.MustCompile(`(https?|wss?)://([^/?#@\s,]*@)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.example(:\d+)?`) // read-only

// origins maps every origin in a text; anything else in it stays.
func (m *mapping) origins(text string) string {
	return absoluteURL.ReplaceAllStringFunc(text, func(match string) string {
		part := absoluteURL.FindStringSubmatch(match)
		return part[1] + "://" + part[2] + part[3] + ".localhost:" + m.port(part[1], part[4])
	})
}

// port maps a port as written. A default port spelled out stays as it is, so that it still is not the origin's bytes.
func (m *mapping) port(scheme, written string) string {
	listener := map[string]string{"http": "http", "https": "https", "ws": "http", "wss": "https"}[scheme]
	if n, ok := weburl.DefaultPort(scheme); ok && written == ":"+strconv.Itoa(n) {
		return written[1:]
	}
	index := 0
	if isBadPort(written) {
		return written[1:] // nothing is served there, nor needs to be
	}
	if written != "" {
		key := listener + written
		if _, ok := m.ports[key]; !ok {
			m.ports[key] = 1 + m.count(listener)
		}
		index = m.ports[key]
	}
	if index >= stage.PortsPerScheme {
		m.err = &NotStaged{"more ports than the stage has"}
		index = 0
	}
	_, port, _ := strings.Cut(m.theatre.Origin(listener, "x", index), "x:")
	return port
}

// isBadPort reports whether browsers refuse a port, ":" and digits, as the model has it.
func isBadPort(port string) bool {
	if port == "" {
		return false
	}
	page := fetch.Page{}
	trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(&page, &fetch.Request{URL: "http://x.example" + port}, &fetch.Recorded{Responses: []fetch.Response{{Status: 200}}}, 0)
	return err == nil && trace.Failure != nil && trace.Failure.ID == fetch.BadPort
}

func (m *mapping) count(listener string) int {
	n := 0
	for key := range m.ports {
		if strings.HasPrefix(key, listener+":") {
			n++
		}
	}
	return n
}

// url maps a URL as script writes it; one that does not parse stays.
func (m *mapping) url(raw, base string) string {
	var b *weburl.URL
	if base != "" {
		b, _ = weburl.Parse(base, nil)
	}
	u, err := weburl.Parse(raw, b)
	if err != nil {
		return raw
	}
	if !strings.HasSuffix(u.Host, ".example") {
		if u.IsSpecial() && u.Scheme != "file" && u.Scheme != "ftp" {
			m.err = &NotStaged{"the host " + u.Host + " is not one of the stage's"}
		}
		return raw
	}
	return m.withID(u.String())
}

// withID maps a URL's origin and puts the scenario's ID before its path.
func (m *mapping) withID(u string) string {
	loc := absoluteURL.FindStringIndex(u)
	if loc == nil || loc[0] != 0 {
		return m.origins(u)
	}
	return m.origins(u[:loc[1]]) + "/s/" + m.id + u[loc[1]:]
}

// response maps the header values of a response.
func (m *mapping) response(res fetch.Response) fetch.Response {
	list := make(header.List, len(res.Header))
	for i, field := range res.Header {
		value := m.origins(field.Value)
		if header.EqualFold(field.Name, header.Location) {
			value = m.location(field.Value)
		}
		list[i] = header.Field{Name: field.Name, Value: value}
	}
	if res.Error != "" {
		m.err = &NotStaged{"a connection that fails is tried again, or needs a server that is not there"}
	}
	res.Header = list
	return res
}

func (m *mapping) location(value string) string {
	if rest, ok := strings.CutPrefix(value, "//"); ok {
		return strings.TrimPrefix(m.withID("https://"+rest), "https:")
	}
	if strings.HasPrefix(value, "/") {
		return "/s/" + m.id + value
	}
	if strings.HasPrefix(value, "about:") || strings.HasPrefix(value, "data:") {
		return value + "/s/" + m.id + "/x" // so that a console line can be told to be the scenario's
	}
	return m.withID(value)
}
