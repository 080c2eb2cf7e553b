// Package demo_test opens the demonstration in real browsers and holds it to what it predicts.
package demo_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/demo"
	"github.com/concors/concors/e2e/browser"
)

// A row is what the page shows of one run: a mistake, or the same request after the fix.
type row struct{ ID, Predicted, Result, Shown string }

// readRows waits for the page to be done, and reads it.
const readRows = `
	while (!('done' in document.documentElement.dataset)) await new Promise((resolve) => setTimeout(resolve, 50));
	const rows = [...document.querySelectorAll('.run')].map((run) => ({
		ID: run.id, Predicted: run.dataset.predicted, Result: run.dataset.result, Shown: run.querySelector('.result').textContent,
	}));
	return { Browser: document.querySelector('header b').textContent, Rows: rows };
`

// Each engine does what the page has predicted for it, by the names and by the fallback.
func TestDemo(t *testing.T) {
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			b, err := browser.Start(t.Context(), engine, browser.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			t.Run("names", func(t *testing.T) { visit(t, b, known) })
			t.Run("localhost", func(t *testing.T) { visit(t, b, unknown) })
		})
	}
}

// known resolves as every browser does.
func known(context.Context, string) ([]string, error) { return []string{"127.0.0.1"}, nil }

func unknown(context.Context, string) ([]string, error) { return nil, errors.New("no such host") }

func visit(t *testing.T, b browser.Browser, lookup func(context.Context, string) ([]string, error)) {
	var d *demo.Demo
	d, err := demo.Start(t.Context(), demo.Config{
		LookupHost: lookup,
		Network: func(*fetch.Page, *fetch.Request) (fetch.Network, error) {
			return corstest.Handler(d.Handler()), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	check(t, b, d)
	if !t.Failed() {
		check(t, b, d) // with what the first visit left in the browser's caches
	}
}

// check opens the page and compares what it shows.
func check(t *testing.T, b browser.Browser, d *demo.Demo) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := b.Navigate(ctx, d.URL()); err != nil {
		t.Fatal(err)
	}
	data, err := b.Eval(ctx, readRows)
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Browser string
		Rows    []row
	}
	if err := json.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	if engine := string(b.Engine()); !strings.EqualFold(page.Browser, engine) {
		t.Errorf("the page predicts for %q, want %s", page.Browser, engine)
	}
	want, blocked := 0, 0
	for _, m := range d.Mistakes() {
		want++
		if m.Repaired != nil {
			want++
		}
	}
	for _, r := range page.Rows {
		if r.Result != r.Predicted {
			t.Errorf("%s: got %q, predicted %q", r.ID, r.Result, r.Predicted)
		}
		if want := r.Result + " as predicted"; r.Shown != want {
			t.Errorf("%s: the page shows %q, want %q", r.ID, r.Shown, want)
		}
		switch {
		case strings.HasSuffix(r.ID, "-repaired") && !strings.HasPrefix(r.Result, "allowed"):
			t.Errorf("%s: the fix does not help: %q", r.ID, r.Result)
		case strings.HasPrefix(r.Result, "blocked"):
			blocked++
		}
	}
	if len(page.Rows) != want {
		t.Errorf("got %d rows, want %d", len(page.Rows), want)
	}
	if blocked < 10 {
		t.Errorf("got %d blocked, want at least 10", blocked)
	}
}
