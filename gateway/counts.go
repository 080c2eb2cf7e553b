package gateway

import (
	"slices"
	"sync/atomic"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/status"
	"github.com/prometheus/client_golang/prometheus"
)

// subject is what decisions are counted by.
type subject struct{ route, policy, shadow string }

// counts are the decisions for one subject. They are safe for concurrent use.
type counts struct {
	subject
	refusals  []cors.Refusal // what the second index below stands for; the first one stands for none
	decisions [3][]atomic.Uint64
	differing [2][]atomic.Uint64
	latency   prometheus.Observer // in seconds
}

// The first index of counts.differing.
const (
	wouldRefuse = iota
	wouldAllow
)

func newCounts(of subject) *counts {
	c := &counts{subject: of, refusals: append([]cors.Refusal{""}, cors.Refusals()...)}
	for i := range c.decisions {
		c.decisions[i] = make([]atomic.Uint64, len(c.refusals))
	}
	for i := range c.differing {
		c.differing[i] = make([]atomic.Uint64, len(c.refusals))
	}
	return c
}

func (c *counts) decided(d *cors.Decision) {
	i := 0
	if d.Refusal != "" {
		i = slices.Index(c.refusals, d.Refusal)
	}
	c.decisions[d.Kind][i].Add(1)
}

func (c *counts) differed(change int, refusal cors.Refusal) {
	c.differing[change][slices.Index(c.refusals, refusal)].Add(1)
}

// list is the decisions that there were.
func (c *counts) list() []status.Decision {
	list := []status.Decision{}
	for kind := range c.decisions {
		for i := range c.decisions[kind] {
			n := c.decisions[kind][i].Load()
			if n == 0 {
				continue
			}
			d := status.Decision{Kind: cors.Kind(kind).String(), Outcome: status.OutcomeAllowed, Reason: string(c.refusals[i]), Count: n}
			if i > 0 {
				d.Outcome = status.OutcomeRefused
			}
			list = append(list, d)
		}
	}
	return list
}

// changes are the values of the first index of counts.differing, as they are told.
func changes() [2]string {
	return [2]string{wouldRefuse: status.WouldRefuse, wouldAllow: status.WouldAllow}
}
