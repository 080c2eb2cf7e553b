package gateway

import (
	"net/http"
	"strings"
	"sync"

	"github.com/caddyserver/caddy/v2"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/secrets"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
)

// The bounds of what is remembered and told of upstreams: their addresses can depend on requests.
const (
	mostUpstreams = 1000
	longestName   = 255 // bytes of an address
	longestValue  = 200 // bytes of a header's value
	mostLines     = 4   // of one header
)

// What stands in the place of an upstream's address.
const (
	noUpstream     = "none"  // a handler of Caddy set the header
	otherUpstreams = "other" // there are more than are told apart
)

// sightings count the CORS headers that upstreams set themselves, and tell about each upstream once.
type sightings struct {
	counter *prometheus.CounterVec

	mu   sync.Mutex
	told map[string]uint8 // by upstream: the headers that were told, a bit for each
}

// newSightings counts in the registry.
func newSightings(registry *prometheus.Registry) (*sightings, error) {
	s := &sightings{told: map[string]uint8{}, counter: prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Name:      "upstream_cors_total",
		Help:      "Responses on which an upstream had set a CORS header itself.",
	}, []string{"upstream", "header"})}
	return s, registry.Register(s.counter)
}

// see counts the CORS headers among the fields of a response, and tells about them where they are new.
func (s *sightings) see(g *guard, r *http.Request, fields http.Header) {
	var seen uint8
	names := header.ResponseNames()
	for i, name := range names {
		if _, ok := fields[name]; ok {
			seen |= 1 << i
		}
	}
	upstream, news := s.note(upstreamOf(r), seen)
	for i, name := range names {
		if seen&(1<<i) != 0 {
			s.counter.WithLabelValues(upstream, header.Lower(name)).Inc()
		}
	}
	level := zap.DebugLevel
	if news {
		level = zap.WarnLevel
	}
	if entry := g.logger.Check(level, "CORS headers from behind"); entry != nil {
		entry.Write(zap.String("upstream", upstream), zap.String("upstream_cors", g.upstream), zap.Strings("sent", shown(fields)))
	}
}

// note remembers what an upstream sent, and returns the name to count it by and whether there is anything new.
func (s *sightings) note(upstream string, seen uint8) (name string, news bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.told[upstream]; !ok && len(s.told) >= mostUpstreams {
		upstream = otherUpstreams
	}
	news = seen&^s.told[upstream] != 0
	if news {
		s.told[upstream] |= seen
	}
	return upstream, news
}

// upstreamOf is the address of the upstream that a request was sent to last.
func upstreamOf(r *http.Request) string {
	replacer, ok := r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer)
	if !ok {
		return noUpstream
	}
	address, _ := replacer.GetString("http.reverse_proxy.upstream.hostport")
	if address == "" {
		return noUpstream
	}
	return strings.ToValidUTF8(address[:min(len(address), longestName)], "?")
}

// shown are the CORS headers among fields, as they are told in the log.
func shown(fields http.Header) []string {
	var list []string
	for _, name := range header.ResponseNames() {
		for i, value := range fields[name] {
			if i == mostLines {
				list = append(list, name+": and more")
				break
			}
			if len(value) > longestValue {
				value = value[:longestValue] + "..."
			}
			list = append(list, name+": "+secrets.InLine(value))
		}
	}
	return list
}
