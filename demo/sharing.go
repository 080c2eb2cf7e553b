package demo

import (
	"net/http"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

// sharingMistakes are those in Access-Control-Allow-Origin and what goes with it.
func (o origins) sharingMistakes() []Mistake {
	included := func(path string) []fetch.Request {
		return []fetch.Request{{URL: o.api + path, Credentials: fetch.CredentialsInclude}}
	}
	return []Mistake{{
		ID:       "no-header",
		Title:    "No CORS header",
		Story:    "Express, like every server that nobody told about CORS, answers 200 and sends no CORS header.",
		Requests: get(o.api + "/no-header"),
		Fix: explain.NewFix("express", "allow the page's origin",
			`app.use(cors({ origin: "`+o.page+`" }))`),
		Repaired: get(o.api + "/no-header/repaired"),
		routes: map[string]http.HandlerFunc{
			"/no-header":          users,
			"/no-header/repaired": o.allowing(users),
		},
	}, {
		ID:       "wildcard-credentials",
		Title:    "* together with credentials",
		Story:    "Express's cors() without options answers * to everybody, and the page asks with credentials.",
		Requests: included("/wildcard-credentials"),
		Fix: explain.NewFix("express", "name the origin and allow credentials",
			`app.use(cors({ origin: "`+o.page+`", credentials: true }))`),
		Repaired: included("/wildcard-credentials/repaired"),
		routes: map[string]http.HandlerFunc{
			"/wildcard-credentials":          with(users, header.AllowOrigin, "*"),
			"/wildcard-credentials/repaired": o.allowing(users, header.AllowCredentials, "true"),
		},
	}, {
		ID:       "origin-slash",
		Title:    "The origin ends in a slash",
		Story:    "Somebody copied the origin from the address bar into Express's cors({ origin }), slash included, and it is sent as it is.",
		Requests: get(o.api + "/origin-slash"),
		Fix: explain.NewFix("express", "leave the slash out",
			`app.use(cors({ origin: "`+o.page+`" }))`),
		Repaired: get(o.api + "/origin-slash/repaired"),
		routes: map[string]http.HandlerFunc{
			"/origin-slash":          with(users, header.AllowOrigin, o.page+"/", header.Vary, header.Origin),
			"/origin-slash/repaired": o.allowing(users),
		},
	}, {
		ID:       "header-twice",
		Title:    "Two layers set the header",
		Story:    "The application sends the right header, and nginx in front of it adds the same one again.",
		Requests: get(o.api + "/header-twice"),
		Fix: explain.NewFix("nginx", "let one layer set it",
			"proxy_hide_header "+header.AllowOrigin+";"),
		Repaired: get(o.api + "/header-twice/repaired"),
		routes: map[string]http.HandlerFunc{
			"/header-twice":          with(o.allowing(users), header.AllowOrigin, o.page),
			"/header-twice/repaired": o.allowing(users),
		},
	}, {
		ID:       "error-without-header",
		Title:    "The error answer lacks the header",
		Story:    "The application is down, nginx answers 502 for it, and add_header without always adds nothing to errors.",
		Requests: get(o.api + "/error-without-header"),
		Fix: explain.NewFix("nginx", "send it with errors too",
			"add_header "+header.AllowOrigin+` "`+o.page+`" always;`),
		Repaired: get(o.api + "/error-without-header/repaired"),
		routes: map[string]http.HandlerFunc{
			"/error-without-header":          status(http.StatusBadGateway),
			"/error-without-header/repaired": o.allowing(status(http.StatusBadGateway)),
		},
	}}
}
