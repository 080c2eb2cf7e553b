package gateway

import (
	"maps"

	"github.com/prometheus/client_golang/prometheus"
)

// namespace is what the names of our metrics begin with.
const namespace = "concors"

// The metrics that are counted in [traffic]. A value of a label is of the configuration, or one of a few words: what clients send
// is in none.
func decisionsMetric() *prometheus.Desc {
	return prometheus.NewDesc(namespace+"_decisions_total", "Requests, by what was decided on them.",
		[]string{"route", "policy", "kind", "outcome", "reason"}, nil)
}

func differencesMetric() *prometheus.Desc {
	return prometheus.NewDesc(namespace+"_shadow_differences_total", "Requests on which the shadow policy has another answer, by that answer.",
		[]string{"route", "shadow", "change", "reason"}, nil)
}

// Describe implements [prometheus.Collector].
func (t *traffic) Describe(to chan<- *prometheus.Desc) {
	to <- decisionsMetric()
	to <- differencesMetric()
}

// Collect implements [prometheus.Collector].
func (t *traffic) Collect(to chan<- prometheus.Metric) {
	counted := map[subject]*counts{}
	t.mu.Lock()
	for _, r := range t.records {
		maps.Copy(counted, r.counts)
	}
	t.mu.Unlock()
	// Handlers may have routes that differ in what is no label.
	decisions, differences := map[[5]string]uint64{}, map[[4]string]uint64{}
	for of, c := range counted {
		for _, d := range c.list() {
			decisions[[5]string{of.route, of.policy, d.Kind, d.Outcome, d.Reason}] += d.Count
		}
		for change := range c.differing {
			for i := range c.differing[change] {
				if n := c.differing[change][i].Load(); n > 0 {
					differences[[4]string{of.route, of.shadow, changes()[change], string(c.refusals[i])}] += n
				}
			}
		}
	}
	for labels, n := range decisions {
		to <- prometheus.MustNewConstMetric(decisionsMetric(), prometheus.CounterValue, float64(n), labels[:]...)
	}
	for labels, n := range differences {
		to <- prometheus.MustNewConstMetric(differencesMetric(), prometheus.CounterValue, float64(n), labels[:]...)
	}
}
