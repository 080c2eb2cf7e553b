package demo

import (
	"net/http"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

// preflightMistakes are those in the answer to OPTIONS.
func (o origins) preflightMistakes() []Mistake {
	setting := func(url, name, value string) []fetch.Request {
		return []fetch.Request{{URL: url, Header: header.List{{Name: name, Value: value}}}}
	}
	allowed := o.allowing(users)
	preflight := func(lines ...string) http.HandlerFunc {
		return onOptions(o.allowing(status(http.StatusNoContent), lines...), allowed)
	}
	return []Mistake{{
		ID:       "options-unknown",
		Title:    "OPTIONS is not handled: 404",
		Story:    "A hook of Fastify (or a middleware of Koa) adds the header to every answer, but the router knows no OPTIONS.",
		Requests: put(o.api + "/options-unknown"),
		Fix: explain.NewFix("fastify", "let @fastify/cors answer OPTIONS",
			`app.register(cors, { origin: "`+o.page+`", methods: ["GET", "PUT"] })`),
		Repaired: put(o.api + "/options-unknown/repaired"),
		routes: map[string]http.HandlerFunc{
			"/options-unknown":          onOptions(o.allowing(status(http.StatusNotFound)), allowed),
			"/options-unknown/repaired": preflight(header.AllowMethods, "GET, PUT"),
		},
	}, {
		ID:       "options-without-header",
		Title:    "OPTIONS is answered without the header",
		Story:    "The Express route sets the header itself, and never sees OPTIONS: without app.options, Express answers 200 and no more.",
		Requests: put(o.api + "/options-without-header"),
		Fix: explain.NewFix("express", "put cors before the routes",
			`app.use(cors({ origin: "`+o.page+`" })) before app.put(...)`),
		Repaired: put(o.api + "/options-without-header/repaired"),
		routes: map[string]http.HandlerFunc{
			"/options-without-header":          onOptions(with(status(http.StatusOK), "Allow", "PUT"), allowed),
			"/options-without-header/repaired": preflight(header.AllowMethods, "GET,HEAD,PUT,PATCH,POST,DELETE"),
		},
	}, {
		ID:       "auth-before-cors",
		Title:    "Authentication comes before CORS",
		Story:    "The middleware that asks for a token runs first, and a preflight never has one: OPTIONS gets 401.",
		Requests: setting(o.api+"/auth-before-cors", header.Authorization, "Bearer demo"),
		Fix: explain.NewFix("express", "put cors before authentication",
			`app.use(cors({ origin: "`+o.page+`" })) before app.use(authenticate)`),
		Repaired: setting(o.api+"/auth-before-cors/repaired", header.Authorization, "Bearer demo"),
		routes: map[string]http.HandlerFunc{
			"/auth-before-cors":          signedIn(onOptions(o.allowing(status(http.StatusNoContent), header.AllowHeaders, "authorization"), allowed)),
			"/auth-before-cors/repaired": onOptions(o.allowing(status(http.StatusNoContent), header.AllowHeaders, "authorization"), o.allowing(signedIn(users))),
		},
	}, {
		ID:       "preflight-redirect",
		Title:    "The preflight is redirected",
		Story:    "nginx redirects a URL without its last slash to location /preflight-redirect/, whatever the method.",
		Requests: put(o.api + "/preflight-redirect"),
		Fix: explain.NewFix("any", "call the URL with its slash",
			`fetch("`+o.api+`/preflight-redirect/", ...)`),
		Repaired: put(o.api + "/preflight-redirect/"),
		routes: map[string]http.HandlerFunc{
			"/preflight-redirect":     o.allowing(redirect(o.api+"/preflight-redirect/", http.StatusMovedPermanently)),
			"/preflight-redirect/{$}": preflight(header.AllowMethods, "GET, PUT"),
		},
	}, {
		ID:       "method-not-listed",
		Title:    "PUT is not listed",
		Story:    "@fastify/cors lists GET, HEAD and POST until it is told more, and the page sends PUT.",
		Requests: put(o.api + "/method-not-listed"),
		Fix: explain.NewFix("fastify", "list the method",
			`app.register(cors, { origin: "`+o.page+`", methods: ["GET", "HEAD", "POST", "PUT"] })`),
		Repaired: put(o.api + "/method-not-listed/repaired"),
		routes: map[string]http.HandlerFunc{
			"/method-not-listed":          preflight(header.AllowMethods, "GET,HEAD,POST"),
			"/method-not-listed/repaired": preflight(header.AllowMethods, "GET,HEAD,POST,PUT"),
		},
	}, {
		ID:       "header-not-listed",
		Title:    "A request header is not listed",
		Story:    "The list was written by hand in nginx, and a library in the page has begun to send X-Request-Id.",
		Requests: setting(o.api+"/header-not-listed", "X-Request-Id", "7"),
		Fix: explain.NewFix("nginx", "list the header",
			"add_header "+header.AllowHeaders+` "Content-Type, X-Request-Id" always;`),
		Repaired: setting(o.api+"/header-not-listed/repaired", "X-Request-Id", "7"),
		routes: map[string]http.HandlerFunc{
			"/header-not-listed":          preflight(header.AllowHeaders, "Content-Type"),
			"/header-not-listed/repaired": preflight(header.AllowHeaders, "Content-Type, X-Request-Id"),
		},
	}, {
		ID:       "wildcard-authorization",
		Title:    "* does not cover Authorization",
		Story:    "A list written by hand in nginx allows any request header, and the page sends Authorization.",
		Requests: setting(o.api+"/wildcard-authorization", header.Authorization, "Bearer demo"),
		Fix: explain.NewFix("nginx", "list Authorization beside *",
			"add_header "+header.AllowHeaders+` "*, Authorization" always;`),
		Repaired: setting(o.api+"/wildcard-authorization/repaired", header.Authorization, "Bearer demo"),
		routes: map[string]http.HandlerFunc{
			"/wildcard-authorization":          preflight(header.AllowHeaders, "*"),
			"/wildcard-authorization/repaired": preflight(header.AllowHeaders, "*, Authorization"),
		},
	}}
}
