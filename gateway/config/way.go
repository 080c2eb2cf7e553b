package config

import (
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/concors/concors/policyfile"
)

// way is what happens to a request before it is answered.
func (b *builder) way(route *policyfile.Route) []object {
	chain := []object{}
	if route.BasicAuth != nil {
		chain = append(chain, b.basicAuth(route.BasicAuth))
	}
	if route.ForwardAuth != nil {
		chain = append(chain, b.forwardAuth(route))
	}
	if route.MaxBody > 0 {
		chain = append(chain, object{"handler": "request_body", "max_size": route.MaxBody})
	}
	if route.Compress {
		chain = append(chain, object{
			"handler": "encode", "prefer": []string{"zstd", "gzip"}, "encodings": object{"gzip": object{}, "zstd": object{}},
		})
	}
	if ops := b.changes(route.RequestChanges); ops != nil {
		chain = append(chain, object{"handler": "headers", "request": ops})
	}
	if set := b.changes(policyfile.HeaderChanges{Set: route.ResponseChanges.Set}); set != nil {
		// At once too, so that the gateway's own errors have them.
		chain = append(chain, object{"handler": "headers", "response": set})
	}
	if ops := b.changes(route.ResponseChanges); ops != nil {
		ops["deferred"] = true // until the server has set its own
		chain = append(chain, object{"handler": "headers", "response": ops})
	}
	if rewrite := rewrite(route.Rewrite); rewrite != nil {
		chain = append(chain, rewrite)
	}
	return chain
}

// basicAuth remembers passwords that were right: bcrypt for each request would take more time than all the rest.
func (b *builder) basicAuth(accounts []policyfile.Account) object {
	list := []object{}
	for _, a := range accounts {
		list = append(list, object{"username": literal(a.Name), "password": b.secret(literal(a.Hash))})
	}
	basic := object{"hash": object{"algorithm": "bcrypt"}, "hash_cache": object{}, "accounts": list}
	return object{"handler": "authentication", "providers": object{"http_basic": basic}}
}

// forwardAuth asks another server whether the request may pass, as Caddy's directive forward_auth does: a GET with the
// headers of the request, and the method and URI that it has. Whatever it answers but 2xx is the answer.
func (b *builder) forwardAuth(route *policyfile.Route) object {
	u, err := url.Parse(route.ForwardAuth.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		b.refuse(route, "forward-auth-invalid", "forward_auth is not a URL of http or https", "write the URL to ask")
		return nil
	}
	origin := u.Scheme + "://" + u.Host
	proxy := b.proxy(&policyfile.Upstream{To: []string{origin}, OwnHost: true})
	request := proxy["headers"].(object)["request"].(object)["set"].(http.Header)
	request.Set("X-Forwarded-Method", "{http.request.method}")
	request.Set("X-Forwarded-Uri", "{http.request.uri}")
	proxy["rewrite"] = object{"method": "GET", "uri": literal(u.RequestURI())}
	routes := []object{{"handle": []object{{"handler": "vars"}}}} // without a route, 2xx would be the answer too
	for _, name := range route.ForwardAuth.Copy {
		name = textproto.CanonicalMIMEHeaderKey(name)
		value := "{http.reverse_proxy.header." + name + "}"
		routes = append(routes,
			// A client must not be able to set what the other server left out.
			object{"handle": []object{{"handler": "headers", "request": object{"delete": []string{name}}}}},
			object{
				"match":  []object{{"not": []object{{"vars": object{value: []string{""}}}}}},
				"handle": []object{{"handler": "headers", "request": object{"set": http.Header{name: {value}}}}},
			})
	}
	proxy["handle_response"] = []object{{"match": object{"status_code": []int{2}}, "routes": routes}}
	return proxy
}

// changes are nil when there are none.
func (b *builder) changes(c policyfile.HeaderChanges) object {
	ops := object{}
	if len(c.Set) > 0 {
		set := http.Header{}
		for _, line := range c.Set {
			set.Add(line.Name, literal(b.headerValue(line.Name, line.Value)))
		}
		ops["set"] = set
	}
	if len(c.Remove) > 0 {
		ops["delete"] = c.Remove
	}
	if len(ops) == 0 {
		return nil
	}
	return ops
}

// rewrite changes the path, and leaves its encoding and the query as they are. It is nil when there is nothing to change.
func rewrite(r policyfile.Rewrite) object {
	rewrite := object{"handler": "rewrite"}
	if prefix := strings.TrimSuffix(r.Strip, "/"); prefix != "" {
		rewrite["strip_path_prefix"] = literal(prefix + "/") // with the slash, so that no name is cut in two
	}
	if prefix := strings.TrimSuffix(r.Add, "/"); prefix != "" {
		rewrite["path_regexp"] = []object{{"find": "^", "replace": literal(strings.ReplaceAll(prefix, "$", "$$"))}}
	}
	if len(rewrite) == 1 {
		return nil
	}
	return rewrite
}
