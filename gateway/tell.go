package gateway

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/concors/concors/cors"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
	"golang.org/x/time/rate"
)

// How many refusals of a route the log tells: a few at once, and then one in a while. The others are counted.
const (
	loggedAtOnce = 10
	loggedEvery  = time.Second
)

// longestOrigin is how many bytes of an Origin header are remembered: no origin has more.
const longestOrigin = 300

// A teller tells what a guard decides: to the counters and lists that the status is made of, to the log, and to the trace that a
// request is part of. It is safe for concurrent use.
type teller struct {
	counts    *counts
	roll      *roll
	record    *record
	sightings *sightings

	logger             *zap.Logger // of the handler
	refusals           *zap.Logger
	refused, differing quota
}

// newTeller makes one for a route with a policy, nil for none.
func (t *traffic) newTeller(draft *record, of subject, policy *cors.Policy, logger *zap.Logger) *teller {
	if policy == nil {
		policy = new(cors.Policy)
	}
	return &teller{
		counts: t.countsOf(draft, of), roll: t.rollOf(draft, of.policy, policy), record: draft, sightings: t.sightings,
		logger: logger, refusals: logger.Named("refusals"), refused: newQuota(), differing: newQuota(),
	}
}

// decided tells the decision of a policy.
func (t *teller) decided(d *cors.Decision, by *cors.Policy, r *http.Request, now time.Time) {
	t.counts.decided(d)
	switch {
	case !d.Allowed():
		t.record.refused.add(t.refusal(d), by, now)
		t.log(&t.refused, refusedMessage(d), d, r)
	case d.Kind != cors.NotCORS:
		t.roll.mark(d.Request.Origin[0])
	}
	if span := trace.SpanFromContext(r.Context()); span.IsRecording() {
		span.SetAttributes(
			attribute.String("concors.route", t.counts.route), attribute.String("concors.policy", t.counts.policy),
			attribute.String("concors.kind", d.Kind.String()), attribute.Bool("concors.allowed", d.Allowed()),
		)
		if !d.Allowed() {
			span.SetAttributes(attribute.String("concors.reason", string(d.Refusal)), attribute.String("concors.why", d.Why()))
		}
	}
}

// differs tells that the shadow policy has another answer. The decision is that of the one of the two that refuses.
func (t *teller) differs(change int, d *cors.Decision, by *cors.Policy, r *http.Request, now time.Time) {
	t.counts.differed(change, d.Refusal)
	t.record.differing.add(difference{t.refusal(d), change}, by, now)
	message := "the shadow policy would refuse this"
	if change == wouldAllow {
		message = "the shadow policy would allow this"
	}
	t.log(&t.differing, message, d, r)
	if span := trace.SpanFromContext(r.Context()); span.IsRecording() {
		span.SetAttributes(attribute.String("concors.shadow", t.counts.shadow), attribute.String("concors.shadow_change", changes()[change]))
	}
}

// took tells how long a request took.
func (t *teller) took(d time.Duration) { t.counts.latency.Observe(d.Seconds()) }

// refusal is what is remembered of one: nothing that refers to the request.
func (t *teller) refusal(d *cors.Decision) refusal {
	lines := d.Request.Origin
	r := refusal{subject: t.counts.subject, reason: d.Refusal}
	if len(lines) > 0 {
		r.origin = strings.Clone(lines[0][:min(len(lines[0]), longestOrigin)])
	}
	if d.Refusal != cors.RefusedOrigin {
		r.why = d.Why()
	}
	return r
}

func refusedMessage(d *cors.Decision) string {
	if d.Kind == cors.Preflight {
		return "preflight refused"
	}
	return "request refused, or its response kept from the page"
}

// log tells why a request is refused, unless the log has told enough.
func (t *teller) log(q *quota, message string, d *cors.Decision, r *http.Request) {
	entry := t.refusals.Check(zap.InfoLevel, message)
	if entry == nil || !q.allows() {
		return
	}
	origin := ""
	if lines := d.Request.Origin; len(lines) > 0 {
		origin = lines[0][:min(len(lines[0]), longestOrigin)]
	}
	entry.Write(
		zap.String("route", t.counts.route), zap.String("policy", t.counts.policy), zap.String("origin", origin),
		zap.String("kind", d.Kind.String()), zap.String("method", r.Method), zap.String("host", r.Host), zap.String("path", r.URL.Path),
		zap.String("refusal", string(d.Refusal)), zap.String("why", d.Why()), zap.Int64("untold", q.untold.Swap(0)),
	)
}

// A quota bounds how much the log tells.
type quota struct {
	limiter *rate.Limiter
	untold  atomic.Int64 // since the last that was told
}

func newQuota() quota {
	return quota{limiter: rate.NewLimiter(rate.Every(loggedEvery), loggedAtOnce)}
}

func (q *quota) allows() bool {
	if q.limiter.Allow() {
		return true
	}
	q.untold.Add(1)
	return false
}
