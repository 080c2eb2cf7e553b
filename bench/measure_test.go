package bench_test

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/concors/concors/bench/internal/figures"
)

// A measured is one peer in one scenario.
type measured struct {
	peer    *peer
	err     error // why it is not there
	verdict verdict

	times         []float64 // nanoseconds of one operation, by round
	bytes, allocs uint64    // of one operation
	retained      float64   // MiB, of a policy that is kept

	operations []func() // each for one goroutine
	repeat     int      // how often each runs in a round
}

func (m *measured) fastest() float64 { return slices.Min(m.times) }

func (m *measured) median() float64 { return figures.Median(m.times) }

// patience bounds what the rounds of one scenario take together. The first ten are not bounded: with fewer there is nothing
// to say.
const (
	patience     = 10 * time.Second
	fewestRounds = 10
)

// measure times all in rounds, each in turn for about as long, so that what disturbs the machine disturbs all alike. It
// returns the number of rounds.
func measure(list []*measured, rounds int, slice time.Duration) int {
	list = slices.DeleteFunc(slices.Clone(list), func(m *measured) bool { return m.err != nil })
	for _, m := range list {
		m.calibrate(slice)
		m.count()
	}
	start := time.Now()
	for round := range rounds {
		if round >= fewestRounds && time.Since(start) > patience {
			return round
		}
		for _, m := range list {
			m.times = append(m.times, float64(m.run())/float64(m.repeat*len(m.operations)))
		}
	}
	return rounds
}

// calibrate finds how often the operation runs in a slice of time. The quickest of several attempts counts, as a machine that
// does something else meanwhile makes it too few; what takes a hundred slices is slow by itself.
func (m *measured) calibrate(slice time.Duration) {
	for m.repeat = 1; ; m.repeat *= 2 {
		took := m.run()
		for attempt := 0; attempt < 4 && slice/2 <= took && took < 100*slice; attempt++ {
			took = min(took, m.run())
		}
		if took >= slice/2 {
			m.repeat = max(1, int(float64(m.repeat)*float64(slice)/float64(took)))
			return
		}
	}
}

// run runs the operation, on as many goroutines as there are operations for.
func (m *measured) run() time.Duration {
	if len(m.operations) == 1 {
		operation := m.operations[0]
		start := time.Now()
		for range m.repeat {
			operation()
		}
		return time.Since(start)
	}
	var wg sync.WaitGroup
	start := time.Now()
	for _, operation := range m.operations {
		wg.Go(func() {
			for range m.repeat {
				operation()
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

// count counts what the operation allocates.
func (m *measured) count() {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range m.repeat {
		m.operations[0]()
	}
	runtime.ReadMemStats(&after)
	n := uint64(m.repeat)
	m.bytes, m.allocs = (after.TotalAlloc-before.TotalAlloc)/n, (after.Mallocs-before.Mallocs)/n
}

// measureScenario measures every peer, and last the floor, on so many goroutines. There is no floor without CORS.
func measureScenario(t testing.TB, s *scenario, list []peer, goroutines, rounds int, slice time.Duration) ([]*measured, int) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(goroutines))
	var all []*measured
	var first answer
	add := func(p *peer, sv server, err error, v verdict) {
		m := &measured{peer: p, err: err, verdict: v}
		if err == nil {
			for range goroutines {
				m.operations = append(m.operations, sv.operation(s.request))
			}
		}
		all = append(all, m)
	}
	for i := range list {
		next := &handler{}
		sv, err := list[i].build(s.policy, next)
		var v verdict
		if err == nil {
			v = judge(t, s, sv, next)
		}
		if i == 0 {
			first = ask(sv, next, s.request)
		}
		add(&list[i], sv, err, v)
	}
	if s.policy != nil {
		add(&peer{name: "floor"}, floor(first, s.policy), nil, verdict{})
	}
	runtime.GC()
	return all, measure(all, rounds, slice)
}

// measureBuild measures how long each peer takes to make a middleware of a policy, and what it keeps.
func measureBuild(p *policy, list []peer, slice time.Duration) []*measured {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var all []*measured
	for i := range list {
		m := &measured{peer: &list[i]}
		before := heap()
		kept, err := m.peer.build(p, &handler{})
		m.retained, m.err = (heap()-before)/(1<<20), err
		runtime.KeepAlive(kept)
		m.operations = []func(){func() { _, _ = m.peer.build(p, &handler{}) }}
		all = append(all, m)
	}
	runtime.GC()
	measure(all, fewestRounds, slice)
	return all
}

// heap returns the bytes that are in use.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what finalizers and pools let go
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}
