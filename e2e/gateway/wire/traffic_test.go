//go:build unix

package wire_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/status"
)

// freeAddress is one where nobody listened a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// watched is a policy with a shadow, of which a part never comes.
const watched = `version: 1
policies:
  app:
    origins: [https://app.example, https://partner.example, https://old.example, "https://*.preview.example"]
    methods: [PUT]
  strict: {origins: [https://app.example]}
routes:
  - {path: /, policy: app, shadow: strict, upstream: %s}
gateway: {admin: "%s", metrics: "%s"}
`

// TestCrowd has a hundred thousand origins come that nobody allows, among them a few that matter.
func TestCrowd(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer upstream.Close()
	admin, metrics := freeAddress(t), freeAddress(t)
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, fmt.Sprintf(watched, upstream.URL, admin, metrics))
	g := start(t, file)

	get := func(origin string) *request { return &request{"GET", "/", [][2]string{{header.Origin, origin}}} }
	put := func(origin string) *request {
		return &request{"OPTIONS", "/", [][2]string{{header.Origin, origin}, {header.RequestMethod, "PUT"}}}
	}
	const connections, before, crowd = 16, 20_000, 100_000
	ask := func(from, to int, of func(i int) *request) {
		var all sync.WaitGroup
		for n := range connections {
			all.Go(func() {
				c, err := dialPlain(g.addr, nil)
				if err != nil {
					t.Error(err)
					return
				}
				defer c.close()
				for i := from + n; i < to; i += connections {
					if _, err := c.ask(t.Context(), of(i)); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
	}
	stranger := func(i int) *request {
		switch {
		case i%20 == 0:
			return get("http://app.example")
		case i%40 == 1:
			return put("https://app.example:8443")
		}
		return get(fmt.Sprintf("https://n%d.evil.example", i))
	}
	ask(0, before, stranger)
	low := g.peak(t)
	ask(before, crowd, stranger)
	ask(0, 300, func(int) *request { return get("https://partner.example") })
	ask(0, 200, func(int) *request { return put("https://app.example") })
	ask(0, 100, func(int) *request { return get("https://app.example") })
	high := g.peak(t)
	t.Logf("%d MiB of memory at most after %d requests, %d after %d", low>>20, before, high>>20, crowd)
	if most := low + 16<<20; high > most {
		t.Errorf("got %d MiB of memory, want %d at most", high>>20, most>>20)
	}

	s, err := status.Get(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Refused) > 1000 {
		t.Errorf("got %d refusals, want a thousand at most", len(s.Refused))
	}
	type row struct {
		origin, reason, why string
		least               uint64
	}
	for i, want := range []row{
		{"http://app.example", "origin-not-allowed", "the origin http://app.example is not allowed; it differs from https://app.example only in the scheme", crowd / 20},
		{"https://app.example:8443", "origin-not-allowed", "the origin https://app.example:8443 is not allowed; it differs from https://app.example only in the port", crowd / 40},
	} {
		got := s.Refused[i]
		if got.Origin != want.origin || got.Reason != want.reason || got.Why != want.why || got.Route != "/" || got.Count-got.AtMost > want.least || got.Count < want.least {
			t.Errorf("got %+v as number %d, want %+v", got, i, want)
		}
	}
	if diff := cmp.Diff([]status.Unseen{{Policy: "app", Origin: "https://*.preview.example"}, {Policy: "app", Origin: "https://old.example"}}, s.Unseen); diff != "" {
		t.Errorf("origins that never came: want -, got +:\n%s", diff)
	}
	differing := map[string]uint64{}
	for _, d := range s.Differing {
		differing[strings.Join([]string{d.Change, d.Origin, d.Shadow, d.Reason}, " ")] = d.Count
	}
	if diff := cmp.Diff(map[string]uint64{
		"would-refuse https://partner.example strict origin-not-allowed": 300,
		"would-refuse https://app.example strict method-not-allowed":     200,
	}, differing); diff != "" {
		t.Errorf("who would be refused: want -, got +:\n%s", diff)
	}
	checkMetrics(t, metrics, crowd)
	if told := strings.Count(g.log.String(), "origin-not-allowed"); told < 10 || told > 1000 {
		t.Errorf("got %d lines about refusals, want some", told)
	}
	if !strings.Contains(g.log.String(), `"why":"the origin https://n`) {
		t.Errorf("no line tells why:\n%.2000s", g.log.String())
	}
}

// checkMetrics reads the metrics as Prometheus does.
func checkMetrics(t *testing.T, addr string, refused float64) {
	t.Helper()
	res, err := http.Get("http://" + addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	series, got := 0, map[string]float64{}
	for name, family := range families {
		if !strings.HasPrefix(name, "concors_") {
			continue
		}
		series += len(family.Metric)
		for _, m := range family.Metric {
			key := name
			for _, label := range m.Label {
				key += " " + label.GetName() + "=" + label.GetValue()
			}
			got[key] = m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	if series > 20 {
		t.Errorf("got %d series, want 20 at most: %v", series, got)
	}
	for key, want := range map[string]float64{
		"concors_decisions_total kind=actual outcome=refused policy=app reason=origin-not-allowed route=/":     refused * 39 / 40,
		"concors_decisions_total kind=preflight outcome=refused policy=app reason=origin-not-allowed route=/":  refused / 40,
		"concors_decisions_total kind=preflight outcome=allowed policy=app reason= route=/":                    200,
		"concors_decisions_total kind=actual outcome=allowed policy=app reason= route=/":                       400,
		"concors_shadow_differences_total change=would-refuse reason=method-not-allowed route=/ shadow=strict": 200,
		"concors_shadow_differences_total change=would-refuse reason=origin-not-allowed route=/ shadow=strict": 300,
		"concors_request_duration_seconds route=/":                                                             refused*39/40 + 400,
	} {
		if got[key] != want {
			t.Errorf("got %v for %s, want %v; there are %v", got[key], key, want, got)
		}
	}
}

// TestTraces has spans sent to a collector, which is then one that never answers.
func TestTraces(t *testing.T) {
	type span map[string]string
	var mu sync.Mutex
	var spans []span
	sink := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		sent := new(collector.ExportTraceServiceRequest)
		if err == nil {
			err = proto.Unmarshal(body, sent)
		}
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, resource := range sent.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, s := range scope.Spans {
					one := span{"parent": fmt.Sprintf("%x", s.ParentSpanId), "trace": fmt.Sprintf("%x", s.TraceId)}
					for _, a := range s.Attributes {
						if strings.HasPrefix(a.Key, "concors.") {
							one[a.Key] = a.Value.GetStringValue()
							if b := a.Value.GetBoolValue(); b {
								one[a.Key] = "true"
							}
						}
					}
					spans = append(spans, one)
				}
			}
		}
	}))
	defer sink.Close()
	var passed sync.Map
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { passed.Store("traceparent", r.Header.Get("Traceparent")) }))
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, "version: 1\npolicies:\n  app: {origins: [https://app.example]}\nroutes:\n  - {path: /, policy: app, upstream: "+upstream.URL+"}\ngateway: {tracing: true}\n")

	const trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	g := startIn(t, file, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + sink.URL, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=50"})
	c, err := dialPlain(g.addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if _, err := c.ask(t.Context(), &request{"GET", "/", [][2]string{{header.Origin, "http://app.example"}, {"Traceparent", "00-" + trace + "-" + parent + "-01"}}}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "a span", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(spans) > 0
	})
	want := span{
		"parent": parent, "trace": trace, "concors.route": "/", "concors.policy": "app", "concors.kind": "actual", "concors.allowed": "",
		"concors.reason": "origin-not-allowed", "concors.why": "the origin http://app.example is not allowed; it differs from https://app.example only in the scheme",
	}
	if diff := cmp.Diff(want, spans[0]); diff != "" {
		t.Errorf("span: want -, got +:\n%s", diff)
	}
	if got, _ := passed.Load("traceparent"); !strings.HasPrefix(fmt.Sprint(got), "00-"+trace+"-") {
		t.Errorf("got Traceparent %v behind the gateway, want one of the trace %s", got, trace)
	}
	t.Run("nobody takes them", func(t *testing.T) { checkNobodyWaits(t, file) })
}

// checkNobodyWaits has a collector hang, with a queue that is soon full.
func checkNobodyWaits(t *testing.T, file string) {
	hung := misbehave(t, hangs(""))
	g := startIn(t, file, []string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://" + hung, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=1",
		"OTEL_BSP_MAX_QUEUE_SIZE=16", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=8",
	})
	c, err := dialPlain(g.addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	slowest := time.Duration(0)
	for range 500 {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), longest)
		_, err := c.ask(ctx, &request{"GET", "/", [][2]string{{header.Origin, "https://app.example"}}})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(start))
	}
	t.Logf("the slowest of 500 requests took %v", slowest)
	if slowest > longest/6 { // the exporter waits ten seconds for its collector
		t.Errorf("got a request that took %v", slowest)
	}
}
