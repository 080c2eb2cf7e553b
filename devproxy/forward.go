package devproxy

import (
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// A task is one request on its way through the proxy.
type task struct {
	in       *http.Request // as it came
	begun    time.Time
	self     origin.Origin // the proxy, by the name that the request calls
	page     origin.Origin // that made it; the first one if that is not told
	ofPage   bool          // whether Origin says that a page made it
	decision cors.Decision
	answer   *fetch.Response // what the API answered to the page, or would have; nil if that is not known
	exchange Exchange
}

func (t *task) note(sentence string) { t.exchange.Notes = append(t.exchange.Notes, sentence) }

// taskKey is where the context of a request has its task.
type taskKey struct{}

func taskOf(ctx context.Context) *task { return ctx.Value(taskKey{}).(*task) }

// ServeHTTP implements [http.Handler]. It must not be called before [Proxy.Listen].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t := &task{in: r, begun: time.Now(), self: own(r), page: p.pages[0]}
	if refused := p.refuse(r); refused != nil {
		t.note(refused.why)
		p.tell(t, refused.status)
		answerText(w, refused.status, refused.why)
		return
	}
	if o, ok := origin.Parse(r.Header.Get(header.Origin)); ok && slices.Contains(p.pages, o) {
		t.page, t.ofPage = o, true
		t.exchange.Page = o.String()
	}
	t.decision = p.policy.Decide(cors.Request{
		Method: r.Method, Origin: r.Header[header.Origin], RequestMethod: r.Header[header.RequestMethod],
		RequestHeaders: r.Header[header.RequestHeaders], FetchSite: r.Header[header.SecFetchSite],
	})
	if t.decision.Kind == cors.Preflight {
		p.answerPreflight(w, t)
		return
	}
	// An answer may come before the end of an upload. Not every protocol can be told, and HTTP/2 needs not.
	http.NewResponseController(w).EnableFullDuplex()
	p.forward.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), taskKey{}, t)))
}

// answerText answers with a sentence for people.
func answerText(w http.ResponseWriter, status int, sentence string) {
	w.Header().Set(header.ContentType, "text/plain; charset=utf-8")
	w.Header().Set(header.ContentTypeOptions, "nosniff")
	w.Header().Set(header.CacheControl, "no-store")
	w.WriteHeader(status)
	io.WriteString(w, "concors proxy: "+sentence+"\n")
}

func (p *Proxy) newForward() *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.RawQuery = r.In.URL.RawQuery // which ReverseProxy has tidied up
			p.toAPI(r.Out)
		},
		Transport:      transportFunc(p.ask),
		FlushInterval:  -1, // at once: streams are to stay streams
		ModifyResponse: p.answer,
		ErrorHandler:   p.answerFailure,
		ErrorLog:       log.New(io.Discard, "", 0), // failures are reported
	}
}

// toAPI turns a request to the proxy into one to the API, whoever it is that asks.
func (p *Proxy) toAPI(out *http.Request) {
	out.URL.Scheme, out.URL.Host = p.api.Scheme(), strings.TrimPrefix(p.api.String(), p.api.Scheme()+"://")
	out.Host = out.URL.Host
	for i, line := range out.Header[header.Cookie] {
		out.Header[header.Cookie][i] = cookieToAPI(line)
	}
}

// answer makes a response of the API one of the proxy.
func (p *Proxy) answer(res *http.Response) error {
	t := taskOf(res.Request.Context())
	h := res.Header
	for name := range h {
		if strings.HasPrefix(name, "Access-Control-") {
			delete(h, name)
		}
	}
	// The proxy speaks for itself: these are about the API's host.
	h.Del("Alt-Svc")
	h.Del("Strict-Transport-Security")
	if h.Get(header.CrossOriginResourcePolicy) != "" {
		h.Set(header.CrossOriginResourcePolicy, "cross-origin") // strangers are turned away before
	}
	book := addresses{api: p.api, self: t.self, target: t.in.RequestURI}
	if elsewhere := book.rewriteHeader(h); elsewhere != nil && isRedirect(res.StatusCode) {
		t.note(fmt.Sprintf("It redirects to %s, which this proxy is not for: the browser goes there by itself.", origin.Of(elsewhere)))
	}
	if len(h[header.SetCookie]) > 0 && !origin.SameSite(t.page, t.self) {
		t.note(p.twoSites(t))
	}
	rewriteCookies(h, t.page, t.self)
	if len(res.Trailer) > 0 {
		h.Del(header.ContentLength) // which HTTP/2 may have beside trailers, and HTTP/1 not
	}
	p.grant(h, t)
	p.tell(t, res.StatusCode)
	return nil
}

// twoSites says that cookies are in danger, and what to do about it.
func (p *Proxy) twoSites(t *task) string {
	note := fmt.Sprintf("It sets cookies, and %s and %s are two sites, for which not every browser keeps them", t.page, t.self)
	if base := p.BaseURL(); base != t.self.String() {
		note += ": call " + base
	}
	return note + "."
}

// grant puts what CORS has to grant into a response.
func (p *Proxy) grant(h http.Header, t *task) {
	exposed := exposable(h)
	for _, field := range t.decision.Header() {
		if field.Name == header.Vary {
			h.Add(field.Name, field.Value)
			continue
		}
		h.Set(field.Name, field.Value)
	}
	if t.ofPage && exposed != "" {
		h.Set(header.ExposeHeaders, exposed)
	}
}

// exposable lists the headers of a response that a page can read only by permission; * means none with credentials.
func exposable(h http.Header) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if !header.IsSafelistedResponseName(name) && !header.IsForbiddenResponseName(name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// answerFailure answers in the place of the API, in a form that the page can read.
func (p *Proxy) answerFailure(w http.ResponseWriter, r *http.Request, err error) {
	t := taskOf(r.Context())
	if t.in.Context().Err() != nil {
		t.note("Whoever asked did not wait for the answer.")
		p.tell(t, 0)
		return
	}
	f := p.failed(err)
	if f.kind != "" && t.answer == nil {
		t.answer = &fetch.Response{Error: f.kind} // it would have been the same for the page
	}
	t.note(f.why)
	clear(w.Header())
	p.grant(w.Header(), t)
	p.tell(t, f.status)
	answerText(w, f.status, f.why)
}
