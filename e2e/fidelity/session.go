package fidelity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/e2e/browser"
)

// batchSize is how many scenarios go to a page at once.
const batchSize = 30

// consoleSettle is how long the last console lines of a batch may take to arrive.
const consoleSettle = 150 * time.Millisecond

// A Session is one engine on a theatre, with the profile that it is compared with.
type Session struct {
	Browser browser.Browser
	Theatre *Theatre
	Profile fetch.Profile
	at      Page
	console consoleSorter
}

// A Result is one scenario, what the model said, what was observed, and where the two differ.
type Result struct {
	Scenario    *Scenario
	Traces      []*fetch.Trace
	Observed    *Observed
	Differences []string
}

// NewSession starts an engine. The caller must Close its Browser.
func NewSession(ctx context.Context, t *Theatre, engine browser.Engine) (*Session, error) {
	b, err := browser.Start(ctx, engine, browser.Options{CA: t.CA()})
	if err != nil {
		return nil, err
	}
	s := &Session{Browser: b, Theatre: t, console: consoleSorter{lines: map[string][]string{}, reasonFirst: engine == browser.WebKit}}
	for _, p := range fetch.Profiles() {
		if p.Name == string(engine) {
			s.Profile = p
		}
	}
	return s, nil
}

// Renew starts the engine anew. What it remembers has bounds that the model's cache does not have: Chromium forgets preflight
// results at random once there are more than 1024.
func (s *Session) Renew(ctx context.Context) error {
	if err := s.Browser.Close(); err != nil {
		return err
	}
	fresh, err := NewSession(ctx, s.Theatre, s.Browser.Engine())
	if err != nil {
		return err
	}
	*s = *fresh
	return nil
}

// Run plays scenarios, grouped by the page that they need, and passes each result on.
func (s *Session) Run(ctx context.Context, scenarios []*Scenario, each func(Result)) error {
	groups := map[Page][]*Scenario{}
	var pages []Page
	for _, scenario := range scenarios {
		if groups[scenario.Stage] == nil {
			pages = append(pages, scenario.Stage)
		}
		groups[scenario.Stage] = append(groups[scenario.Stage], scenario)
	}
	for _, page := range pages {
		for group := groups[page]; len(group) > 0; {
			n := min(batchSize, len(group))
			if err := s.runBatch(ctx, page, group[:n], each); err != nil {
				return err
			}
			group = group[n:]
		}
	}
	return nil
}

func (s *Session) runBatch(ctx context.Context, page Page, batch []*Scenario, each func(Result)) error {
	if s.at != page {
		if err := s.Browser.Navigate(ctx, page.URL()); err != nil {
			return fmt.Errorf("open the %s page in %s: %w", page, s.Browser.Engine(), err)
		}
		s.at = page
	}
	observed, err := s.Theatre.Play(ctx, s.Browser, page, batch)
	if err != nil {
		return err
	}
	time.Sleep(consoleSettle)
	if err := s.collectConsole(ctx); err != nil {
		return err
	}
	for _, scenario := range batch {
		o := observed[scenario.ID]
		if o == nil {
			return fmt.Errorf("scenario %s did not come back", scenario.ID)
		}
		o.Console = s.console.take(scenario.ID)
		result, err := s.judge(scenario, o)
		if err != nil {
			return err
		}
		each(result)
	}
	return nil
}

func (s *Session) judge(scenario *Scenario, o *Observed) (Result, error) {
	page, err := scenario.Stage.Model()
	if err != nil {
		return Result{}, err
	}
	// A busy machine makes a fetch late, and then what was cached may be over.
	for i := range scenario.Fetches {
		scenario.Fetches[i].At = time.Duration(o.Fetches[i].At * float64(time.Second))
	}
	traces, err := scenario.Predict(s.Profile, page)
	if err != nil {
		return Result{}, err
	}
	return Result{Scenario: scenario, Traces: traces, Observed: o, Differences: Compare(scenario, traces, o)}, nil
}

// httpVersion is what the stage speaks.
const httpVersion = "1.1"

// Model is the page as the model knows it.
func (p Page) Model() (fetch.Page, error) {
	text := p.URL()
	if p.Opaque {
		text = "null"
	}
	page, err := fetch.NewPage(text)
	if top, err := origin.FromURL(p.Origin); p.Opaque && err == nil {
		page.TopLevelSite = top.Site()
	}
	if p.Opaque && strings.HasPrefix(p.Origin, "https:") {
		page.SecureContext = fetch.Yes
	}
	if p.ConnectSrc != "" {
		page.CSPConnectSrc = strings.Fields(p.ConnectSrc)
	}
	page.HTTPVersion = httpVersion
	page.ReferrerPolicy, page.COEP = p.ReferrerPolicy, p.Embedder
	return page, err
}

// collectConsole sorts new console lines by the scenario whose URL they name.
func (s *Session) collectConsole(ctx context.Context) error {
	lines, err := s.Browser.Console(ctx)
	if err != nil {
		return fmt.Errorf("read the console of %s: %w", s.Browser.Engine(), err)
	}
	for _, line := range lines {

		s.console.add(line.Text, line.URL)
	}
	s.console.pending = nil // whatever comes next is of another batch
	return nil
}
