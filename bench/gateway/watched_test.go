package gateway_test

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// Between these lines of the file stands what TestWatched measured.
const (
	beginWatched = "<!-- measured: make bench-gateway REPORT=docs/performance.md, what telling costs -->"
	endWatched   = "<!-- end of what telling costs -->"
)

// TestWatched measures what it costs the gateway of ours to tell of what it does: beside itself, telling less.
func TestWatched(t *testing.T) {
	c := start(t)
	if err := c.telling(t.Context()); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for round := range *rounds + 1 {
		for _, p := range c.beside {
			if err := p.run(t.Context(), c.stable, *slice); err != nil {
				t.Fatalf("%v\nthe last that was said:\n%s", err, c.stable.cage.LastWords())
			}
			if round == 0 {
				p.warm()
			}
		}
		fmt.Printf("round %d of %d, %s\n", round, *rounds, time.Since(begin).Round(time.Second))
	}
	c.besides()
	if *file == "" {
		return
	}
	if err := c.WriteInto(*file, beginWatched, endWatched); err != nil {
		t.Fatal(err)
	}
}

// telling pairs a gateway that tells something with one that does not.
func (c *comparison) telling(ctx context.Context) error {
	const stranger = "https://evil.example"
	p := concors()
	if err := p.make(ctx); err != nil {
		return err
	}
	serve := func(name string, at site) (*server, error) {
		at.policy = few()
		return c.start(ctx, &p, name, at, page, target, &verdict{})
	}
	quiet, err := serve("as it is", site{})
	if err != nil {
		return err
	}
	metrics, err := freeAddress()
	if err != nil {
		return err
	}
	pages, paths := []string{page}, []string{target}
	for _, row := range []struct {
		name string
		at   site
	}{
		{"with metrics", site{metrics: metrics}},
		{"with a shadow policy that has another answer", site{shadow: true}},
		{"with traces that nobody takes", site{tracing: true}},
	} {
		sv, err := serve(row.name, row.at)
		if err != nil {
			return err
		}
		for _, l := range []*load{preflights(pages, paths), gets(pages, paths)} {
			c.beside = append(c.beside, &pair{name: l.name, a: &side{server: sv, load: l}, b: &side{server: quiet, load: l}})
		}
	}
	refused := *quiet
	refused.name = "refused, counted, ranked and logged"
	c.beside = append(c.beside, &pair{
		name: "GETs", a: &side{server: &refused, load: gets([]string{stranger}, paths)}, b: &side{server: quiet, load: gets(pages, paths)},
	})
	return nil
}
