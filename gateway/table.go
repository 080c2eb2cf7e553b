package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/gateway/policyjson"
	"github.com/concors/concors/internal/route"
	"go.uber.org/zap"
)

// config is the configuration of [Routes] in JSON, for Replace with the key that names the module.
type config struct {
	Handler  string                        `json:"handler,omitempty"`
	Policies map[string]*policyjson.Policy `json:"policies,omitempty"`
	Routes   []Route                       `json:"routes,omitempty"`
}

// A table is routes that serve, with the context in which their handlers were made.
type table struct {
	index  *route.Table
	routes []served
	record *record

	users  atomic.Int64 // requests in flight, and one more while the table is the current one
	owner  *Routes
	cancel context.CancelFunc
}

// served is a route that serves.
type served struct {
	guard   *guard
	handler caddyhttp.Handler // nil where the request goes on
}

// newTable makes a table. An error leaves nothing behind.
func (r *Routes) newTable(logger *zap.Logger, c *config) (*table, error) {
	ctx, cancel := caddy.NewContext(r.base)
	t, err := r.provision(ctx, logger, c)
	if err != nil {
		cancel()
		return nil, err
	}
	t.owner, t.cancel = r, cancel
	t.users.Store(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alive[t] = true
	return t, nil
}

func (r *Routes) provision(ctx caddy.Context, logger *zap.Logger, c *config) (*table, error) {
	policies := map[string]*cors.Policy{}
	for name, p := range c.Policies {
		if p == nil {
			return nil, fmt.Errorf("policy %q is null", name)
		}
		var err error
		if policies[name], err = provisionPolicy(logger, fmt.Sprintf("policy %q", name), p); err != nil {
			return nil, err
		}
	}
	named := func(name string) (*cors.Policy, error) {
		if p, ok := policies[name]; ok || name == "" {
			return p, nil
		}
		return nil, fmt.Errorf("no policy %q", name)
	}
	t := &table{routes: make([]served, len(c.Routes)), record: r.traffic.draft()}
	made := handlers{}
	matches := make([]route.Match, len(c.Routes))
	for i := range c.Routes {
		here := &c.Routes[i]
		fail := func(err error) (*table, error) { return nil, fmt.Errorf("route %d, %q: %w", i, here.Path, err) }
		if err := here.validate(); err != nil {
			return fail(err)
		}
		policy, err := named(here.Policy)
		if err != nil {
			return fail(err)
		}
		shadow, err := named(here.Shadow)
		if err != nil {
			return fail(err)
		}
		matches[i] = here.match()
		of := subject{route: here.String(), policy: here.Policy, shadow: here.Shadow}
		t.routes[i].guard = newGuard(policy, shadow, &here.Terms, r.traffic.newTeller(t.record, of, policy, logger))
		if t.routes[i].handler, err = here.provision(ctx, made); err != nil {
			return fail(err)
		}
	}
	t.index = route.NewTable(matches)
	for _, handler := range made {
		if proxy, ok := handler.(*reverseproxy.Handler); ok {
			t.record.upstreams = append(t.record.upstreams, proxy.Upstreams...)
		}
	}
	return t, nil
}

// String names the route by what it takes: methods, host, path and headers, as far as it says something of them.
func (r *Route) String() string {
	text := r.Host + r.Path
	if len(r.Methods) > 0 {
		text = strings.Join(r.Methods, ",") + " " + text
	}
	for _, line := range r.Headers {
		text += " " + line[0] + ": " + line[1]
	}
	return text
}

// validate tells what no request could match.
func (r *Route) validate() error {
	switch {
	case !strings.HasPrefix(r.Path, "/"):
		return errors.New("a path begins with a slash")
	case r.Host != header.Lower(r.Host):
		return fmt.Errorf("host %q: write it in lower case", r.Host)
	}
	for _, m := range r.Methods {
		if !header.IsToken(m) {
			return fmt.Errorf("%q is not a method", m)
		}
	}
	for _, h := range r.Headers {
		if !header.IsToken(h[0]) {
			return fmt.Errorf("%q is not a header name", h[0])
		}
	}
	return r.Terms.validate()
}

func (r *Route) match() route.Match {
	m := route.Match{Host: r.Host, Path: r.Path}
	if len(r.Methods) > 0 {
		m.Methods = r.Methods
	}
	for _, h := range r.Headers {
		m.Headers.Append(h[0], h[1])
	}
	return m
}

// handlers are those that were made, by their configuration: routes that have the same share it, and with it the connections to
// upstreams, what is known of their health, and the checks of it.
type handlers map[string]caddyhttp.MiddlewareHandler

// provision makes the handlers of the route that are not made yet, and returns all of them in a chain; nil for none.
func (r *Route) provision(ctx caddy.Context, made handlers) (caddyhttp.Handler, error) {
	if len(r.HandlersRaw) == 0 {
		return nil, nil
	}
	list := make([]caddyhttp.MiddlewareHandler, len(r.HandlersRaw))
	for i, raw := range r.HandlersRaw {
		key := string(raw) // Caddy writes into what it reads
		if made[key] == nil {
			handler, err := loadHandler(ctx, raw)
			if err != nil {
				return nil, fmt.Errorf("handler %d: %w", i, err)
			}
			made[key] = handler
		}
		list[i] = made[key]
	}
	var chain caddyhttp.Handler = caddyhttp.HandlerFunc(unanswered)
	for _, handler := range slices.Backward(list) {
		chain = &link{handler, chain}
	}
	return chain, nil
}

func loadHandler(ctx caddy.Context, raw json.RawMessage) (caddyhttp.MiddlewareHandler, error) {
	loaded, err := ctx.LoadModule(&struct {
		Raw json.RawMessage `caddy:"namespace=http.handlers inline_key=handler"`
	}{raw}, "Raw")
	if err != nil {
		return nil, err
	}
	handler, ok := loaded.(caddyhttp.MiddlewareHandler)
	if !ok {
		return nil, fmt.Errorf("%T handles no requests", loaded)
	}
	return handler, nil
}

// link is a handler with the one that comes after it.
type link struct {
	handler caddyhttp.MiddlewareHandler
	next    caddyhttp.Handler
}

// ServeHTTP implements [caddyhttp.Handler].
func (l *link) ServeHTTP(w http.ResponseWriter, r *http.Request) error {
	return l.handler.ServeHTTP(w, r, l.next)
}

// unanswered ends a chain in which no handler answered.
func unanswered(http.ResponseWriter, *http.Request) error {
	return caddyhttp.Error(http.StatusNotFound, errors.New("no handler of the route answers"))
}

// enter counts a request in; it reports false where the table was replaced and its last request has ended.
func (t *table) enter() bool {
	for {
		n := t.users.Load()
		if n == 0 {
			return false
		}
		if t.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// leave counts a request out.
func (t *table) leave() {
	if t.users.Add(-1) == 0 {
		go t.owner.forget(t) // cleaning up may take its time, and a lock that Replace holds
	}
}

// end cleans up what the handlers have. It is called once.
func (t *table) end() { t.cancel() }

// find looks the route of a request up, -1 for none. It reports false where the path as it is written is for one route, and for
// another as the servers behind may read it: to serve it under the policy of either could hand out what is the other's.
func (t *table) find(r *http.Request) (index int, ok bool) {
	method, headers := asked(r)
	index = t.index.Find(r.Host, r.URL.Path, method, headers)
	if plain := plainPath(r.URL.Path); plain != r.URL.Path {
		return index, t.index.Find(r.Host, plain, method, headers) == index
	}
	return index, true
}
