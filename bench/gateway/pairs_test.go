package gateway_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/bench/internal/figures"
)

// A side is a server with what it is asked. Its samples are those of every pair it is in: the control has one side for all
// peers.
type side struct {
	server  *server
	load    *load
	samples []sample
}

// A pair is two sides that are measured one directly after the other, round by round: what disturbs the machine disturbs both.
type pair struct {
	name   string
	a, b   *side
	ratios []float64 // of a's answers in a second to b's
}

// run measures a pair once. By turns the one and the other comes first.
func (p *pair) run(ctx context.Context, s *stable, slice time.Duration) error {
	order := []*side{p.a, p.b}
	if len(p.ratios)%2 == 1 {
		slices.Reverse(order)
	}
	for _, sd := range order {
		m, err := s.measure(ctx, sd.server, sd.load, slice)
		if err != nil {
			return err
		}
		sd.samples = append(sd.samples, m)
	}
	p.ratios = append(p.ratios, p.a.last().rate/p.b.last().rate)
	return nil
}

// warm forgets what was measured so far.
func (p *pair) warm() { p.ratios, p.a.samples, p.b.samples = nil, nil, nil }

func (sd *side) last() sample { return sd.samples[len(sd.samples)-1] }

// median is the median of what a side's samples have, each by itself.
func (sd *side) median() sample {
	of := func(value func(sample) float64) float64 {
		var list []float64
		for _, m := range sd.samples {
			list = append(list, value(m))
		}
		return figures.Median(list)
	}
	return sample{
		rate: of(func(m sample) float64 { return m.rate }),
		p50:  time.Duration(of(func(m sample) float64 { return float64(m.p50) })),
		p99:  time.Duration(of(func(m sample) float64 { return float64(m.p99) })),
		cpu:  time.Duration(of(func(m sample) float64 { return float64(m.cpu) })),
		busy: of(func(m sample) float64 { return m.busy }),
	}
}

// ranged is the median of ratios, and how far they go.
func ranged(ratios []float64) string {
	return fmt.Sprintf("%.2f [%.2f-%.2f]", figures.Median(ratios), slices.Min(ratios), slices.Max(ratios))
}

// bounds is the interval in which the median of all ratios there could be lies with a confidence of 95 %: that of the order
// statistics which a fair coin leaves outside in 2.5 % of cases at either end. It supposes nothing about how ratios are
// distributed. Fewer than six are too few to say.
func bounds(ratios []float64) (low, high float64, ok bool) {
	n := len(ratios)
	tail, outside := 0.0, 0
	for k := range n {
		tail += math.Exp(logChoose(n, k) - float64(n)*math.Ln2)
		if tail > 0.025 {
			break
		}
		outside = k + 1
	}
	if outside == 0 {
		return 0, 0, false
	}
	sorted := slices.Sorted(slices.Values(ratios))
	return sorted[outside-1], sorted[n-outside], true
}

// logChoose is the logarithm of the number of ways to take k of n.
func logChoose(n, k int) float64 {
	gamma := func(x int) float64 { v, _ := math.Lgamma(float64(x)); return v }
	return gamma(n+1) - gamma(k+1) - gamma(n-k+1)
}

// confident is the median of ratios with its bounds.
func confident(ratios []float64) string {
	low, high, ok := bounds(ratios)
	if !ok {
		return fmt.Sprintf("%.3f (too few for an interval)", figures.Median(ratios))
	}
	return fmt.Sprintf("%.3f [%.3f-%.3f]", figures.Median(ratios), low, high)
}

func TestBounds(t *testing.T) {
	counting := func(n int) []float64 {
		var list []float64
		for i := range n {
			list = append(list, float64(i+1))
		}
		slices.Reverse(list)
		return list
	}
	// The ranks are those of tables of the sign test.
	for _, row := range []struct {
		name      string
		n         int
		low, high float64
		ok        bool
	}{
		{"five are too few", 5, 0, 0, false},
		{"six", 6, 1, 6, true},
		{"nine", 9, 2, 8, true},
		{"ten", 10, 2, 9, true},
		{"forty", 40, 14, 27, true},
		{"a hundred", 100, 40, 61, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			low, high, ok := bounds(counting(row.n))
			if low != row.low || high != row.high || ok != row.ok {
				t.Errorf("got %v, %v, %t, want %v, %v, %t", low, high, ok, row.low, row.high, row.ok)
			}
		})
	}
}

func TestParseResult(t *testing.T) {
	for _, row := range []struct {
		name, said string
		want       result
		err        string
	}{
		{"right", "Running\nresult 1000 500000 100 900 0 0\n", result{1000, 500_000, 100, 900, 0, 0}, ""},
		{"no line", "unable to connect\n", result{}, "wrk has no result"},
		{"short", "\nresult 1000 500000\n", result{}, "invalid result"},
		{"no answer", "\nresult 0 500000 0 0 0 0\n", result{}, "no answer"},
		{"refused", "\nresult 9 500000 1 1 9 0\n", result{}, "another status"},
		{"failed", "\nresult 9 500000 1 1 0 1\n", result{}, "requests failed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := parseResult(row.said)
			if row.err == "" && (err != nil || got != row.want) {
				t.Errorf("got %v, %v, want %v", got, err, row.want)
			}
			if row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
				t.Errorf("got %v, want %s", err, row.err)
			}
		})
	}
	got := result{answers: 1000, duration: 500_000, p50: 100, p99: 900}.sample(450 * time.Millisecond)
	want := sample{rate: 2000, p50: 100 * time.Microsecond, p99: 900 * time.Microsecond, cpu: 450 * time.Microsecond, busy: 0.9}
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestParseStat(t *testing.T) {
	const right = "7 (a (b) c) S 1 7 7 0 -1 4194304 500 0 0 0 250 50 0 0 20 0 4 0 100 9999 256 18446744073709551615 1 1"
	got, err := parseStat(right)
	if err != nil || got.spent != 3*time.Second || got.rss <= 0 {
		t.Errorf("got %v, %v, want 3s, and some memory", got, err)
	}
	for _, wrong := range []string{"", "7 (a) S 1", strings.Replace(right, "250", "x", 1)} {
		if _, err := parseStat(wrong); err == nil {
			t.Errorf("%q: got no error", wrong)
		}
	}
}
