package demo

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/http/httputil"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

//go:embed page.html style.css run.js
var files embed.FS

// pageHandler is the page's server. The API listens on the given address.
func (d *Demo) pageHandler(api string) http.Handler {
	page := template.Must(template.ParseFS(files, "page.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { d.servePage(w, r, page) })
	mux.HandleFunc("GET /style.css", serveFile("style.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /run.js", serveFile("run.js", "text/javascript; charset=utf-8"))
	mux.Handle("GET "+proxyPath, d.proxy(api))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", d.policy())
		h.Set(header.ContentTypeOptions, "nosniff")
		h.Set(header.CacheControl, "no-store")
		mux.ServeHTTP(w, r)
	})
}

// connectSrc is where the page may connect to, by its policy.
func (o origins) connectSrc() []string { return []string{"'self'", o.api, o.cdn} }

// policy is the page's Content-Security-Policy: what its own server serves, and the requests that it demonstrates.
func (o origins) policy() string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src data: " + o.api, // data: is for the icon
		"connect-src " + strings.Join(o.connectSrc(), " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

func serveFile(name, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		data, err := files.ReadFile(name)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set(header.ContentType, contentType)
		w.Write(data)
	}
}

// proxy forwards to the API's first mistake.
func (d *Demo) proxy(api string) http.Handler {
	return &httputil.ReverseProxy{
		Transport: new(http.Transport), // without a proxy of the environment: it is on this machine
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.URL.Path = "http", api, "/no-header"
			r.Out.Host = host(d.api)
		},
	}
}

// A view is what page.html shows.
type view struct {
	Page, API, Notice string
	Browser           string // whose predictions these are
	Known             bool   // the visitor's browser is one that the model has
	Mistakes          []mistakeView
}

type mistakeView struct {
	ID, Title, Story string
	Source           string
	Reads            string
	Prediction       prediction
	Fix              explain.Fix
	Fixes            []explain.Fix
	Repaired         *prediction // nil where nothing is wrong
}

// A prediction is what the model says of requests, and the requests as run.js takes them.
type prediction struct {
	Calls   string
	Result  string
	Outcome fetch.Outcome
	Why     string
	Step    string // address in the Standard; empty when nothing failed
	Console string
	Sent    []fetch.Sent // empty when the answer is in the browser's cache
}

func (d *Demo) servePage(w http.ResponseWriter, r *http.Request, page *template.Template) {
	d.modelled.Lock()
	v, err := d.view(r.UserAgent())
	d.modelled.Unlock()
	var b bytes.Buffer
	if err == nil {
		err = page.Execute(&b, v)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set(header.ContentType, "text/html; charset=utf-8")
	w.Header().Set(header.Vary, header.UserAgent)
	w.Write(b.Bytes())
}

// view makes every mistake in the model of the visitor's browser.
func (d *Demo) view(userAgent string) (*view, error) {
	profile := profileOf(userAgent)
	v := &view{
		Page: d.page, API: d.api, Notice: d.Notice(),
		Browser: displayName(profile.Name), Known: profile.Name != fetch.Standard().Name,
	}
	for i := range d.list {
		m := &d.list[i]
		shown := mistakeView{ID: m.ID, Title: m.Title, Story: m.Story, Source: source(m.Requests), Reads: m.Reads, Fix: m.Fix}
		p, e, err := d.predict(m.Requests, m.Reads, profile)
		if err != nil {
			return nil, err
		}
		shown.Prediction, shown.Fixes = *p, e.Fixes
		if m.Repaired != nil {
			if shown.Repaired, _, err = d.predict(m.Repaired, m.Reads, profile); err != nil {
				return nil, err
			}
		}
		v.Mistakes = append(v.Mistakes, shown)
	}
	return v, nil
}

func (d *Demo) predict(requests []fetch.Request, reads string, profile fetch.Profile) (*prediction, *explain.Explanation, error) {
	m, err := d.make(requests, profile)
	if err != nil {
		return nil, nil, err
	}
	e := m.explain(m.Trace)
	p := &prediction{
		Result: resultOf(m.Trace, reads), Outcome: m.Outcome, Why: reason(&e), Console: explain.ConsoleLine(m.Trace), Sent: e.Trace.Sent,
	}
	if m.Failure != nil {
		p.Step = m.Failure.StepURL()
	}
	p.Calls, err = calls(requests)
	return p, &e, err
}

// profileOf is the browser that a User-Agent header tells of, and the Standard for one that the model does not have.
// Browsers name those whom they want to be taken for, so the order counts; on iOS all are WebKit.
func profileOf(userAgent string) fetch.Profile {
	switch {
	case strings.Contains(userAgent, "Firefox/"):
		return fetch.Firefox()
	case strings.Contains(userAgent, "Chrome/"), strings.Contains(userAgent, "Chromium/"):
		return fetch.Chromium()
	case strings.Contains(userAgent, "AppleWebKit/"):
		return fetch.WebKit()
	}
	return fetch.Standard()
}
