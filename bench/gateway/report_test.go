package gateway_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/concors/concors/bench/internal/figures"
)

// answers says what was measured, where, and what there is to say about the answers.
func (c *comparison) answers() {
	c.Line("%s/%s, %s, gateways on core %s. Each side of a pair had %s in each of %d rounds.", runtime.GOOS, runtime.GOARCH, figures.Processor(),
		c.stable.gatewayCore, *slice, *rounds)
	c.Line("")
	for _, e := range c.entrants {
		c.Line("- %s %s", e.peer.name, e.version)
		for _, text := range slices.Compact(e.verdict.faults) {
			c.Line("  - † %s", text)
		}
		for _, text := range slices.Compact(e.verdict.notes) {
			c.Line("  - %s", text)
		}
	}
	for _, err := range c.missing {
		c.Line("- not measured: %v", err)
	}
}

// kind is the table of one kind of work.
func (c *comparison) kind(i int) {
	c.Line("")
	c.Table(c.kinds[i].name, "a second", "of "+control, "p50 / p99 ms", "CPU µs", "core busy")
	for _, e := range c.entrants {
		name, of := e.peer.name, "1"
		if len(e.verdict.faults) > 0 {
			name += " †"
		}
		if len(e.pairs) > 0 {
			of = ranged(e.pairs[i].ratios)
		}
		m := e.sides[i].median()
		c.Row(name, fmt.Sprintf("%.0f", m.rate), of, fmt.Sprintf("%.2f / %.2f", milliseconds(m.p50), milliseconds(m.p99)),
			microseconds(m.cpu), fmt.Sprintf("%.0f %%", 100*m.busy))
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func microseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Microsecond))
}

// memory is the table of what the processes have, and of what CORS costs within a peer.
func (c *comparison) memory() {
	c.Line("")
	c.Table("Memory and CORS", "RSS MiB", "without CORS", "CPU of a GET with CORS to one without")
	for _, e := range c.entrants {
		cors, plain := e.sides[1], e.sides[2]
		var ratios []float64
		for i := range cors.samples {
			ratios = append(ratios, float64(cors.samples[i].cpu)/float64(plain.samples[i].cpu))
		}
		c.Row(e.peer.name, fmt.Sprintf("%.0f", cors.server.rss), fmt.Sprintf("%.0f", plain.server.rss), ranged(ratios))
	}
}

// besides is the table of the gateway of ours beside Caddy and beside itself.
func (c *comparison) besides() {
	if len(c.beside) == 0 {
		return
	}
	c.Line("")
	c.Table("Concors", "of", "ratio of answers a second", "RSS MiB")
	for _, p := range c.beside {
		c.Row(p.name+": "+p.a.server.name, p.b.server.name, confident(p.ratios), fmt.Sprintf("%.0f / %.0f", p.a.server.rss, p.b.server.rss))
	}
}

// shares is the table of whose code was at work in the gateway of ours and in Caddy.
func (c *comparison) shares(ctx context.Context) error {
	if len(c.profiles) == 0 || *length == 0 {
		return nil
	}
	columns, last := []string{"Share of samples, and CPU µs of an answer"}, []string{"samples"}
	rows := make([][]string, len(owners()))
	for _, sd := range c.profiles {
		counts, cpu, err := c.stable.shares(ctx, sd.server, sd.load, *length)
		if err != nil {
			return err
		}
		var all int64
		for _, n := range counts {
			all += n
		}
		for i, o := range owners() {
			share := float64(counts[o]) / float64(max(1, all))
			rows[i] = append(rows[i], fmt.Sprintf("%.1f %%, %s", 100*share, microseconds(time.Duration(share*float64(cpu)))))
		}
		columns, last = append(columns, sd.server.name+": "+sd.load.name), append(last, strconv.FormatInt(all, 10))
	}
	c.Line("")
	c.Table(columns...)
	for i, o := range owners() {
		c.Row(append([]string{string(o)}, rows[i]...)...)
	}
	c.Row(last...)
	return nil
}
