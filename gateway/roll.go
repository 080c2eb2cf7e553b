package gateway

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/origin"
)

// A roll tells which of the origins that a policy names have come. It is safe for concurrent use.
type roll struct {
	names []string // as the policy has them
	seen  []atomic.Bool

	exact    map[string]int // index, by the origin
	patterns []numbered
	any      int // index of *, or -1

	// recent has origins that a pattern matched and that are marked, by their hash, so that patterns are rarely asked.
	recent [256]atomic.Pointer[string]
	seed   maphash.Seed
}

// numbered is a pattern with its index.
type numbered struct {
	index   int
	pattern origin.Pattern
}

// newRoll makes the roll of a policy. What an earlier roll of the same name has seen stays seen; nil is none.
func newRoll(p *cors.Policy, before *roll) *roll {
	r := &roll{names: p.Config().Origins, exact: map[string]int{}, any: -1, seed: maphash.MakeSeed()}
	r.seen = make([]atomic.Bool, len(r.names))
	for i, name := range r.names {
		pattern, err := origin.ParsePattern(name)
		if err != nil {
			continue // the policy was compiled from them, so there is none
		}
		if pattern.IsAny() {
			r.any = i
		} else if text, ok := pattern.Exact(); ok {
			r.exact[text] = i
		} else {
			r.patterns = append(r.patterns, numbered{i, pattern})
		}
	}
	if before != nil {
		came := map[string]bool{}
		for i, name := range before.names {
			if before.seen[i].Load() {
				came[name] = true
			}
		}
		for i, name := range r.names {
			r.seen[i].Store(came[name])
		}
	}
	return r
}

// mark notes an origin that the policy allows.
func (r *roll) mark(value string) {
	if i, ok := r.exact[value]; ok {
		r.note(i)
		return
	}
	if len(r.patterns) > 0 && r.markPatterns(value) {
		return
	}
	if r.any >= 0 {
		r.note(r.any)
	}
}

func (r *roll) note(i int) {
	if !r.seen[i].Load() { // for a line of memory that all processors write to is slow
		r.seen[i].Store(true)
	}
}

func (r *roll) markPatterns(value string) bool {
	slot := &r.recent[maphash.String(r.seed, value)%uint64(len(r.recent))]
	if last := slot.Load(); last != nil && *last == value {
		return true
	}
	o, ok := origin.Parse(value)
	if !ok {
		return false
	}
	for i := range r.patterns {
		if p := &r.patterns[i]; p.pattern.Match(o) {
			r.note(p.index)
			slot.Store(&value)
			return true
		}
	}
	return false
}
