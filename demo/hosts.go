package demo

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/concors/concors/cors/header"
)

// The names of the three parties.
const (
	pageName = "myapp.localhost"
	apiName  = "api.localhost"
	cdnName  = "cdn.localhost"
)

// resolve reports whether this machine knows the names as its own. Browsers do by themselves, most of them; the model goes
// through the machine's resolver, as other programs and Safari do.
//
// https://www.rfc-editor.org/rfc/rfc6761#section-6.3
func resolve(ctx context.Context, lookup func(context.Context, string) ([]string, error)) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for _, name := range []string{pageName, apiName, cdnName} {
		addresses, err := lookup(ctx, name)
		if err != nil || !slices.Contains(addresses, "127.0.0.1") || slices.ContainsFunc(addresses, isElsewhere) {
			return false
		}
	}
	return true
}

func isElsewhere(address string) bool {
	ip := net.ParseIP(address)
	return ip == nil || !ip.IsLoopback()
}

// newOrigins returns the origins on the given ports. Without names, localhost on two ports is as cross-origin; only the
// site is the same.
func newOrigins(named bool, page, api string) origins {
	if !named {
		return origins{page: "http://localhost:" + page, api: "http://localhost:" + api, cdn: "http://127.0.0.1:" + api}
	}
	return origins{page: "http://" + pageName + ":" + page, api: "http://" + apiName + ":" + api, cdn: "http://" + cdnName + ":" + api}
}

// host is what a request for an origin says in Host.
func host(origin string) string { return strings.TrimPrefix(origin, "http://") }

// Notice says how the parties are named, where it is not as it should be; it is empty otherwise.
func (d *Demo) Notice() string {
	if d.named {
		return ""
	}
	return pageName + " does not resolve to this machine, so the page and the API are both localhost, each on a port of its own: two origins of one site."
}

// byHost answers for the three hosts and for no other. Any site can have a name of its own lead to this machine, and its
// page would then be of one origin with what answers here: Host still tells the name.
func (o origins) byHost(page, api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch strings.ToLower(r.Host) {
		case host(o.page):
			page.ServeHTTP(w, r)
		case host(o.api), host(o.cdn):
			api.ServeHTTP(w, r)
		default:
			http.Error(w, "nobody of that name is here: the page is "+o.page+"/", http.StatusMisdirectedRequest)
		}
	})
}

// apiHandler is the API: every mistake below its own path. Nothing is to be cached that a mistake does not want cached.
func apiHandler(list []Mistake) http.Handler {
	mux := http.NewServeMux()
	for _, m := range list {
		for path, h := range m.routes {
			mux.HandleFunc(path, with(h, header.CacheControl, "no-store"))
		}
	}
	return mux
}
