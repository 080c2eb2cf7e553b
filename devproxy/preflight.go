package devproxy

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/live"
)

// A preflightKey is what a preflight and the request that it is for have in common.
type preflightKey struct{ page, method, target string }

// An answered preflight is one that was passed on, with what the API said.
type answered struct {
	names    []string // that it asks for
	response fetch.Response
	at       time.Time
}

// Bounds on the preflights that wait for the request that they are for. It follows at once, or never.
const (
	mostPreflights  = 256
	preflightMemory = 30 * time.Second
)

// preflights are those that were passed on not long ago. The answer that the browser gets forbids it to keep it, so that each
// request which needs a preflight has had one just before.
type preflights struct {
	mu   sync.Mutex
	list map[preflightKey]*answered
}

func (l *preflights) add(key preflightKey, a *answered) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for old, a := range l.list {
		if time.Since(a.at) > preflightMemory {
			delete(l.list, old)
		}
	}
	if len(l.list) < mostPreflights || l.list[key] != nil {
		l.list[key] = a
	}
}

// find returns the preflight of a request; nil if it had none. It stays: a page can make the same request twice at once.
func (l *preflights) find(key preflightKey, h http.Header) *answered {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.list[key]
	if a == nil || time.Since(a.at) > preflightMemory || slices.ContainsFunc(a.names, func(name string) bool { return len(h.Values(name)) == 0 }) {
		return nil
	}
	return a
}

// answerPreflight answers a preflight with all that it asks for, when the API has been asked what it says to it.
func (p *Proxy) answerPreflight(w http.ResponseWriter, t *task) {
	d := &t.decision
	if d.Allowed() {
		p.askPreflight(t)
	}
	for _, field := range d.Header() {
		w.Header().Set(field.Name, field.Value)
	}
	t.exchange.Preflight = true
	if !d.Allowed() {
		t.note(d.Why())
	}
	p.tell(t, d.Status())
	w.WriteHeader(d.Status())
}

// askPreflight passes a preflight on as the page's browser sent it. OPTIONS changes nothing, and it is what the browser would
// send to the API.
func (p *Proxy) askPreflight(t *task) {
	in := t.in
	ctx, cancel := context.WithTimeout(in.Context(), preflightTimeout)
	defer cancel()
	out := in.Clone(ctx)
	out.RequestURI, out.Body, out.ContentLength, out.TransferEncoding, out.Close = "", nil, 0, nil, false
	for _, name := range []string{"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"} {
		out.Header.Del(name)
	}
	p.toAPI(out)
	p.asPage(out, t)
	a := &answered{at: time.Now()}
	for name := range strings.SplitSeq(strings.Join(in.Header.Values(header.RequestHeaders), ","), ",") {
		if name = trimSpace(name); name != "" {
			a.names = append(a.names, name)
		}
	}
	res, err := p.transport.RoundTrip(out)
	if err != nil {
		failure := p.failed(err)
		if failure.kind == "" || in.Context().Err() != nil {
			return // what a browser would have made of it is not known
		}
		a.response = fetch.Response{Error: failure.kind}
	} else {
		discard(res)
		a.response = live.ResponseOf(res)
	}
	key := preflightKey{in.Header.Get(header.Origin), in.Header.Get(header.RequestMethod), in.RequestURI}
	p.preflights.add(key, a)
}

// discard lets go of a response whose body nobody wants. A short one is read, so that the connection can be used again; one
// without a length may be a stream.
func discard(res *http.Response) {
	const short = 64 << 10
	if 0 < res.ContentLength && res.ContentLength <= short {
		io.CopyN(io.Discard, res.Body, res.ContentLength)
	}
	res.Body.Close()
}
