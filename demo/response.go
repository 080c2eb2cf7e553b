package demo

import (
	"io"
	"net/http"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

// responseMistakes are those that show after the request: in what script reads, behind a redirect, in a cache.
func (o origins) responseMistakes() []Mistake {
	const total = "X-Total-Count"
	image := func(path string) []fetch.Request {
		return []fetch.Request{
			{URL: o.api + path, Initiator: fetch.InitiatorImage},
			{URL: o.api + path, Initiator: fetch.InitiatorImage, Mode: fetch.ModeCORS, Credentials: fetch.CredentialsInclude},
		}
	}
	return []Mistake{{
		ID:       "header-not-exposed",
		Title:    "A response header is not exposed",
		Story:    "The Express route sends X-Total-Count and the page may read the response, but its script gets null for the header.",
		Requests: get(o.api + "/header-not-exposed"),
		Reads:    total,
		Fix: explain.NewFix("express", "expose the header",
			`app.use(cors({ origin: "`+o.page+`", exposedHeaders: ["`+total+`"] }))`),
		Repaired: get(o.api + "/header-not-exposed/repaired"),
		routes: map[string]http.HandlerFunc{
			"/header-not-exposed":          o.allowing(users, total, "2"),
			"/header-not-exposed/repaired": o.allowing(users, total, "2", header.ExposeHeaders, total),
		},
	}, {
		ID:       "redirect-null",
		Title:    "A redirect turns the origin into null",
		Story:    "The API sends downloads on to its CDN, a third origin; from there on the request says Origin: null, and the CDN allows the page alone.",
		Requests: get(o.api + "/redirect-null"),
		Fix: explain.NewFix("any", "ask the CDN directly",
			`fetch("`+o.cdn+`/redirect-null/file")`),
		Repaired: get(o.cdn + "/redirect-null/file"),
		routes: map[string]http.HandlerFunc{
			"/redirect-null":      o.allowing(redirect(o.cdn+"/redirect-null/file", http.StatusFound)),
			"/redirect-null/file": o.allowing(users),
		},
	}, {
		ID:       "cached-image",
		Title:    "A cached image without Vary",
		Story:    "Like S3, the server sends CORS headers only where it sees an Origin, and no Vary: the copy that a plain <img> left in the cache has none, and with the cache switched off all is well.",
		Requests: image("/cached-image"),
		Fix: explain.NewFix("any", "say that the answer varies",
			"Vary: Origin on every response, also on those without CORS headers"),
		Repaired: image("/cached-image/repaired"),
		routes: map[string]http.HandlerFunc{
			"/cached-image":          o.picture,
			"/cached-image/repaired": with(o.picture, header.Vary, header.Origin),
		},
	}, {
		ID:       "no-cors",
		Title:    "mode: no-cors hides the error, and the response",
		Story:    `Much advice is to add mode: "no-cors": the error goes away, and with it status, headers and body.`,
		Requests: []fetch.Request{{URL: o.api + "/no-cors", Mode: fetch.ModeNoCORS}},
		Fix: explain.NewFix("any", "leave the mode out, and allow the page's origin",
			header.AllowOrigin+": "+o.page),
		Repaired: get(o.api + "/no-cors/repaired"),
		routes: map[string]http.HandlerFunc{
			"/no-cors":          users,
			"/no-cors/repaired": o.allowing(users),
		},
	}}
}

// picture answers with an image that caches may keep, and with CORS headers to those only who send Origin.
func (o origins) picture(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set(header.ContentType, "image/svg+xml")
	h.Set(header.CacheControl, "max-age=3600")
	if r.Header.Get(header.Origin) != "" {
		h.Set(header.AllowOrigin, o.page)
		h.Set(header.AllowCredentials, "true")
	}
	io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><circle cx="8" cy="8" r="7"/></svg>`+"\n")
}

// The path on the page's own server that leads to the API's no-header.
const proxyPath = "/api/users"

// right is what is no mistake.
func (o origins) right() []Mistake {
	return []Mistake{{
		ID:    "right",
		Title: "Done right, with a preflight",
		Story: "The server names the page's origin, answers OPTIONS, lists the method and the headers, and lets browsers remember it for ten minutes.",
		Requests: []fetch.Request{{
			URL: o.api + "/right", Method: http.MethodPut, Credentials: fetch.CredentialsInclude,
			Header: header.List{{Name: header.Authorization, Value: "Bearer demo"}},
		}},
		routes: map[string]http.HandlerFunc{
			"/right": onOptions(
				o.allowing(status(http.StatusNoContent), header.AllowCredentials, "true", header.AllowMethods, "GET, PUT",
					header.AllowHeaders, "Authorization, Content-Type", header.MaxAge, "600"),
				o.allowing(signedIn(users), header.AllowCredentials, "true"),
			),
		},
	}, {
		ID:       "same-origin",
		Title:    "No CORS at all: the page's own server asks the API",
		Story:    "The page's server forwards " + proxyPath + " to the API of the first mistake; to the browser it is the page's own origin.",
		Requests: get(proxyPath),
	}}
}
