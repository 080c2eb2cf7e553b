package gateway

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/gateway/policyjson"
)

// Routes is the Caddy module http.handlers.concors: it finds the route of each request, by host, path, method and headers, and
// serves it by the route's own handlers under the route's policy. A preflight is answered at once, by the policy of the
// route of the request that it asks for. What is for no route goes on to the next handler.
//
// [Routes.Replace] puts another table in the place of the one that serves.
type Routes struct {
	// The policies, by name.
	Policies map[string]*policyjson.Policy `json:"policies,omitempty"`

	// The routes. Of two that take the same requests the first counts.
	Routes []Route `json:"routes,omitempty"`

	base    caddy.Context // that of the module, without what is to be done at its end
	traffic *traffic
	current atomic.Pointer[table]

	mu    sync.Mutex
	alive map[*table]bool // with requests in flight; the current one too
	over  bool            // Cleanup was called
}

// A Route says which requests it takes, and how they are served.
type Route struct {
	// The host of the requests, in lower case and without a port; empty for any. Routes with the host win over those without.
	Host string `json:"host,omitempty"`

	// The path of the requests: a prefix if it ends in a slash, otherwise the whole path. The longest wins.
	Path string `json:"path"`

	// The methods of the requests, empty for any; GET takes HEAD along. Routes that name the method win over those without.
	Methods []string `json:"methods,omitempty"`

	// Header lines that the requests must have, each a name and a value. Routes with more win over those with fewer.
	Headers [][2]string `json:"headers,omitempty"`

	// The name of the policy; empty for none, which switches CORS off.
	Policy string `json:"policy,omitempty"`

	// The name of a policy that is evaluated beside the other and changes nothing; empty for none.
	Shadow string `json:"shadow,omitempty"`

	Terms

	// The handlers of the route, of which one has to answer. Without any, the request goes on to the handler after this one.
	HandlersRaw []json.RawMessage `json:"handle,omitempty" caddy:"namespace=http.handlers inline_key=handler"`
}

// CaddyModule implements [caddy.Module].
func (*Routes) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.concors", New: func() caddy.Module { return new(Routes) }}
}

// Provision implements [caddy.Provisioner].
func (r *Routes) Provision(ctx caddy.Context) error {
	var err error
	if r.traffic, err = trafficOf(ctx.GetMetricsRegistry()); err != nil {
		return err
	}
	// What is called when a context made from another ends is what that other one has to do at its end, the whole
	// configuration's clean-up included. So tables are made from one that has nothing to do; it ends with its parent, and is
	// never ended by itself.
	r.base, _ = caddy.NewContext(ctx)
	r.alive = map[*table]bool{}
	t, err := r.newTable(ctx.Logger(), &config{Policies: r.Policies, Routes: r.Routes})
	if err != nil {
		return err
	}
	r.Policies, r.Routes = nil, nil // as Caddy does with what it has read
	r.traffic.keep(r, t.record)
	r.current.Store(t)
	return nil
}

// Replace puts a table in the place of the one that serves: raw is the configuration of the module in JSON. Requests in flight
// end on the old one, which is cleaned up after the last of them. An error changes nothing. It may be called
// concurrently with serving.
func (r *Routes) Replace(raw json.RawMessage) error {
	var c config
	if err := caddy.StrictUnmarshalJSON(raw, &c); err != nil {
		return err
	}
	t, err := r.newTable(r.base.Logger(r), &c)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		delete(r.alive, t)
		t.end()
		return errors.New("the server has another configuration by now")
	}
	r.traffic.keep(r, t.record)
	old := r.current.Swap(t)
	old.leave()
	return nil
}

// Cleanup implements [caddy.CleanerUpper]: it ends every table, whether requests are in flight or not, as Caddy does with other
// handlers. The server has waited for them, WebSockets excepted, which end by this.
func (r *Routes) Cleanup() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	for t := range r.alive {
		t.end()
	}
	clear(r.alive)
	return nil
}

// enter returns the table that serves now, for one request.
func (r *Routes) enter() *table {
	for {
		if t := r.current.Load(); t.enter() {
			return t
		}
	}
}

// forget is called when the last request of a table that was replaced has ended.
func (r *Routes) forget(t *table) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.alive[t] {
		delete(r.alive, t)
		t.end()
	}
}

// ServeHTTP implements [caddyhttp.MiddlewareHandler].
func (r *Routes) ServeHTTP(w http.ResponseWriter, req *http.Request, next caddyhttp.Handler) error {
	t := r.enter()
	defer t.leave()
	i, ok := t.find(req)
	switch {
	case !ok:
		return caddyhttp.Error(http.StatusBadRequest, errors.New("the path is for one route as it is written and for another as servers may read it"))
	case i < 0:
		return next.ServeHTTP(w, req)
	case t.routes[i].handler != nil:
		next = t.routes[i].handler
	}
	err := t.routes[i].guard.serve(w, req, next)
	if err != nil {
		tellFailure(t.routes[i].guard.logger, req, err)
	}
	return err
}

// asked is the method by which a request's route is looked up, and whether its headers are. A preflight is for the route of the
// request that it asks for, and a WebSocket over HTTP/2 or HTTP/3 for that of the GET that it would be over HTTP/1.1.
func asked(r *http.Request) (method string, headers http.Header) {
	switch r.Method {
	case http.MethodOptions:
		if c := cors.RequestOf(r.Method, r.Header); len(c.Origin) > 0 && len(c.RequestMethod) > 0 {
			return c.RequestMethod[0], nil
		}
	case http.MethodConnect:
		if isExtendedConnect(r) {
			return http.MethodGet, r.Header
		}
	}
	return r.Method, r.Header
}
