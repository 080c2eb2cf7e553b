package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/status"
	"github.com/prometheus/client_golang/prometheus"
)

// mostRanked is how many refusals, and how many differences of shadow policies, a handler keeps apart: of everything that makes
// up more than a thousandth of them none is missing.
const mostRanked = 1000

// traffic is what the handlers of one configuration of Caddy remember of the requests that they serve, in memory that is bounded
// by the configuration, whatever comes. It is safe for concurrent use.
type traffic struct {
	since     time.Time
	sightings *sightings
	latency   *prometheus.HistogramVec

	mu      sync.Mutex
	records map[any]*record // by handler
	unnamed int             // handlers without a name, so far
}

// A record is what a handler remembers as long as it has the same policies and routes.
type record struct {
	counts    map[subject]*counts
	rolls     map[string]*roll // by policy
	upstreams []*reverseproxy.Upstream

	// With each goes the policy that refuses it.
	refused   *ranking[refusal, *cors.Policy]
	differing *ranking[difference, *cors.Policy]
}

// A refusal is what is refused to whom, and where.
type refusal struct {
	subject
	origin string
	reason cors.Refusal
	why    string // empty for an origin, to look for whose nearest is worth it only when somebody looks
}

// A difference is a refusal by one of two policies, of which the other would allow it.
type difference struct {
	refusal
	change int // wouldRefuse or wouldAllow, of the shadow policy
}

// trafficOf is the traffic that a registry has, one for all handlers of a configuration.
func trafficOf(registry *prometheus.Registry) (*traffic, error) {
	t := &traffic{since: time.Now(), records: map[any]*record{}}
	err := registry.Register(t)
	if there, ok := errors.AsType[prometheus.AlreadyRegisteredError](err); ok {
		if t, ok := there.ExistingCollector.(*traffic); ok {
			return t, nil
		}
	}
	if err != nil {
		return nil, err
	}
	t.latency = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: namespace, Name: "request_duration_seconds", Help: "How long requests took, by route. Preflights are not among them.",
		Buckets: prometheus.DefBuckets,
	}, []string{"route"})
	if err := registry.Register(t.latency); err != nil {
		return nil, err
	}
	t.sightings, err = newSightings(registry)
	return t, err
}

// name gives a handler that has no name one.
func (t *traffic) name() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unnamed++
	if t.unnamed == 1 {
		return "cors"
	}
	return fmt.Sprintf("cors %d", t.unnamed)
}

// draft makes a record that is not kept yet.
func (t *traffic) draft() *record {
	return &record{
		counts: map[subject]*counts{}, rolls: map[string]*roll{},
		refused: newRanking[refusal, *cors.Policy](mostRanked), differing: newRanking[difference, *cors.Policy](mostRanked),
	}
}

// countsOf are those of a subject, in a draft: what was counted before goes on.
func (t *traffic) countsOf(draft *record, of subject) *counts {
	if c := draft.counts[of]; c != nil {
		return c
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	draft.counts[of] = newCounts(of)
	for _, r := range t.records {
		if c := r.counts[of]; c != nil {
			draft.counts[of] = c
		}
	}
	return draft.counts[of]
}

// rollOf is that of a policy, in a draft: what came before is marked.
func (t *traffic) rollOf(draft *record, name string, p *cors.Policy) *roll {
	if r := draft.rolls[name]; r != nil {
		return r
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var before *roll
	for _, r := range t.records {
		if here := r.rolls[name]; here != nil {
			before = here
		}
	}
	draft.rolls[name] = newRoll(p, before)
	return draft.rolls[name]
}

// keep takes a draft for what a handler remembers from now on. What no handler counts any more is forgotten.
func (t *traffic) keep(handler any, draft *record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	gone := map[string]bool{}
	if before := t.records[handler]; before != nil {
		for of := range before.counts {
			gone[of.route] = true
		}
	}
	t.records[handler] = draft
	for _, r := range t.records {
		for of, c := range r.counts {
			delete(gone, of.route)
			if c.latency == nil {
				c.latency = t.latency.WithLabelValues(of.route)
			}
		}
	}
	for route := range gone {
		t.latency.DeleteLabelValues(route)
	}
}

// status is what is told of it.
func (t *traffic) status() *status.Status {
	t.mu.Lock()
	records := slices.Collect(maps.Values(t.records))
	t.mu.Unlock()
	s := &status.Status{
		Since: t.since, Now: time.Now(), Routes: []status.Route{}, Upstreams: []status.Upstream{}, Refused: []status.Refused{},
		Unseen: []status.Unseen{}, Differing: []status.Differing{},
	}
	counted := map[subject]*counts{}
	servers := map[string]status.Upstream{}
	for _, r := range records {
		maps.Copy(counted, r.counts)
		for _, u := range r.upstreams {
			one := status.Upstream{Address: u.Dial, Healthy: u.Healthy(), Requests: u.NumRequests(), Fails: u.Fails()}
			if before, ok := servers[u.Dial]; ok {
				one.Healthy = one.Healthy && before.Healthy
			}
			servers[u.Dial] = one
		}
		s.Refused = append(s.Refused, r.toldRefused()...)
		s.Differing = append(s.Differing, r.toldDiffering()...)
	}
	for of, c := range counted {
		s.Routes = append(s.Routes, status.Route{Route: of.route, Policy: of.policy, Shadow: of.shadow, Decisions: c.list()})
	}
	s.Unseen = append(s.Unseen, unseenBy(records)...)
	s.Upstreams = slices.AppendSeq(s.Upstreams, maps.Values(servers))
	slices.SortFunc(s.Routes, func(a, b status.Route) int {
		return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Policy, b.Policy))
	})
	slices.SortFunc(s.Upstreams, func(a, b status.Upstream) int { return cmp.Compare(a.Address, b.Address) })
	slices.SortFunc(s.Refused, func(a, b status.Refused) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Why, b.Why), cmp.Compare(a.Route, b.Route))
	})
	slices.SortFunc(s.Differing, func(a, b status.Differing) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Why, b.Why), cmp.Compare(a.Route, b.Route))
	})
	return s
}

func (r *record) toldRefused() []status.Refused {
	var list []status.Refused
	for _, e := range r.refused.all() {
		list = append(list, status.Refused{
			Origin: e.key.origin, Route: e.key.route, Policy: e.key.policy, Reason: string(e.key.reason), Why: e.key.told(e.value),
			Seen: status.Seen{Count: e.count, AtMost: e.over, Last: e.last},
		})
	}
	return list
}

func (r *record) toldDiffering() []status.Differing {
	var list []status.Differing
	for _, e := range r.differing.all() {
		list = append(list, status.Differing{
			Origin: e.key.origin, Route: e.key.route, Shadow: e.key.shadow, Change: changes()[e.key.change], Reason: string(e.key.reason),
			Why: e.key.told(e.value), Seen: status.Seen{Count: e.count, AtMost: e.over, Last: e.last},
		})
	}
	return list
}

// told says why, if that was not done before.
func (r *refusal) told(by *cors.Policy) string {
	if r.why != "" {
		return r.why
	}
	d := by.Decide(cors.Request{Method: "GET", Origin: []string{r.origin}})
	return d.Why()
}

// unseenBy lists the origins of policies that came to no handler that has the policy.
func unseenBy(records []*record) []status.Unseen {
	came := map[status.Unseen]bool{}
	for _, r := range records {
		for policy, roll := range r.rolls {
			for i, name := range roll.names {
				here := status.Unseen{Policy: policy, Origin: name}
				came[here] = came[here] || roll.seen[i].Load()
			}
		}
	}
	var list []status.Unseen
	for here, seen := range came {
		if !seen {
			list = append(list, here)
		}
	}
	slices.SortFunc(list, func(a, b status.Unseen) int {
		return cmp.Or(strings.Compare(a.Policy, b.Policy), strings.Compare(a.Origin, b.Origin))
	})
	return list
}
