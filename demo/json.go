package demo

import (
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// A Result is what demo --json prints, documented in docs/json.md. Make one with [Demo.NewResult].
type Result struct {
	Browser  string          `json:"browser"`
	Page     string          `json:"page"`
	API      string          `json:"api"`
	Mistakes []MistakeResult `json:"mistakes"`
}

// A MistakeResult is one mistake of a [Result]. Its fixes begin with the mistake's own.
type MistakeResult struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Story string `json:"story"`
	Why   string `json:"why"`
	explain.FetchResult
	Differs []Difference `json:"differs"`
}

// NewResult makes the result of explained mistakes.
func (d *Demo) NewResult(list []Explained) Result {
	r := Result{Browser: fetch.Standard().Name, Page: d.page, API: d.api, Mistakes: make([]MistakeResult, 0, len(list))}
	for i := range list {
		e := &list[i]
		m := MistakeResult{
			ID: e.ID, Title: e.Title, Story: e.Story, Why: e.Why,
			FetchResult: explain.NewResult(r.Browser, []explain.Explanation{e.Explanation}, false).Fetches[0],
			Differs:     append([]Difference{}, e.Differs...),
		}
		if m.Why == "" && len(e.Warnings) > 0 {
			m.Why = e.Warnings[0].Why
		}
		if e.Fix.Title != "" {
			m.Fixes = append([]explain.Fix{e.Fix}, m.Fixes...)
		}
		r.Mistakes = append(r.Mistakes, m)
	}
	return r
}
