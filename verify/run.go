package verify

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Names returns the names of the checks, in their order. The slice is the caller's.
func (p *Plan) Names() []string {
	names := make([]string, len(p.checks))
	for i := range p.checks {
		names[i] = p.checks[i].name
	}
	return names
}

// errGaveUp is why a run ended early.
var errGaveUp = errors.New("given up, after the server had answered none of several checks")

// maxSilent is how many checks in a row may go without an answer.
const maxSilent = 8

// Run carries the plan out. It ends when all checks are done, when the time is up, when the context ends or when the server
// keeps silent; what was learned until then is in the result. The network is used concurrently, and not after Run returned.
func (p *Plan) Run(ctx context.Context, network Network) *Result {
	ctx, cancel := context.WithTimeoutCause(ctx, p.options.MaxTime, fmt.Errorf("the time for the run is up: %v", p.options.MaxTime))
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	r := &runner{plan: p, network: network, giveUp: giveUp, outcomes: make([]outcome, len(p.checks))}
	var wait sync.WaitGroup
	for range min(p.options.Concurrency, len(p.checks)) {
		wait.Go(func() { r.work(ctx) })
	}
	wait.Wait()
	return r.result()
}

// A runner carries out the checks of a plan, one after another in each of its workers.
type runner struct {
	plan    *Plan
	network Network
	giveUp  context.CancelCauseFunc

	mu       sync.Mutex
	next     int
	silent   int // checks in a row that no response came to
	outcomes []outcome
}

// An outcome is what came of a check.
type outcome struct {
	result  CheckResult
	problem string // why it could not be carried out
	unseen  string
}

func (r *runner) work(ctx context.Context) {
	for {
		r.mu.Lock()
		i := r.next
		r.next++
		r.mu.Unlock()
		if i >= len(r.plan.checks) {
			return
		}
		if ctx.Err() != nil {
			r.outcomes[i].problem = context.Cause(ctx).Error()
			continue
		}
		r.outcomes[i] = r.carryOut(ctx, &r.plan.checks[i])
	}
}

func (r *runner) carryOut(ctx context.Context, c *check) outcome {
	o := &r.plan.options
	a := &asker{ctx: ctx, network: r.network, limit: o.RequestTime}
	v := c.run(a)
	r.mu.Lock()
	if a.answers > 0 || a.problem == "" {
		r.silent = 0
	} else if r.silent++; r.silent == maxSilent {
		r.giveUp(errGaveUp)
	}
	r.mu.Unlock()
	if a.problem != "" {
		return outcome{problem: a.problem}
	}
	return outcome{result: c.result(&v, a.sent, o.ShowSecrets), unseen: v.unseen}
}

func (r *runner) result() *Result {
	p := r.plan
	list := &Result{URL: p.url, Checks: []CheckResult{}, NotVerified: []NotVerified{}}
	for i := range r.outcomes {
		o := &r.outcomes[i]
		name := p.checks[i].name
		switch {
		case o.problem != "":
			list.Unanswered++
			list.NotVerified = append(list.NotVerified, NotVerified{Name: name, Reason: o.problem, Unanswered: true})
			continue
		case o.result.Pass:
			list.Pass++
		default:
			list.Fail++
		}
		list.Checks = append(list.Checks, o.result)
		if o.unseen != "" {
			list.NotVerified = append(list.NotVerified, NotVerified{Name: name, Reason: o.unseen})
		}
	}
	list.NotVerified = append(list.NotVerified, p.unseen...)
	return list
}
