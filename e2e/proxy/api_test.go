package proxy_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// An api is one that nobody can change: it is for pages of its own, over TLS, and signs in with cookies.
type api struct {
	url  string
	pool *x509.CertPool

	mu   sync.Mutex
	seen []string // method and path, without preflights
}

const session = "__Host-sid=s3cret"

func newAPI(t *testing.T) *api {
	a := new(api)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", a.login)
	mux.HandleFunc("GET /welcome", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "welcome=1; Domain=api.localhost; Path=/; Secure; SameSite=None; Partitioned")
		http.Redirect(w, r, a.url+"/me", http.StatusFound)
	})
	mux.HandleFunc("GET /me", signedIn(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Total-Count", "7")
		io.WriteString(w, `{"name": "Ada"}`)
	}))
	mux.HandleFunc("DELETE /session", signedIn(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "__Host-sid=; Path=/; Secure; Max-Age=0")
		w.WriteHeader(http.StatusNoContent)
	}))
	mux.HandleFunc("/public", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		io.WriteString(w, `{"public": true}`)
	})
	mux.HandleFunc("/strict", func(w http.ResponseWriter, r *http.Request) {
		if o := r.Header.Get("Origin"); o != "" && o != a.url {
			http.Error(w, "Invalid CORS request", http.StatusForbidden)
			return
		}
		io.WriteString(w, `{"strict": true}`)
	})
	mux.HandleFunc("GET /events", signedIn(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: first\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	mux.HandleFunc("GET /socket", signedIn(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil) // which wants the API's own origin
		if err != nil {
			return
		}
		defer conn.CloseNow()
		if kind, data, err := conn.Read(r.Context()); err == nil {
			conn.Write(r.Context(), kind, []byte(strings.ToUpper(string(data))))
		}
		conn.Close(websocket.StatusNormalClosure, "")
	}))
	pool, certificate := certify(t, "api.localhost")
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodOptions {
			a.mu.Lock()
			a.seen = append(a.seen, r.Method+" "+r.URL.Path)
			a.mu.Unlock()
		}
		mux.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	a.url = fmt.Sprintf("https://api.localhost:%s", server.URL[strings.LastIndex(server.URL, ":")+1:])
	a.pool = pool
	return a
}

// login turns away what another site could send, sets the session, and redirects to an address of its own.
func (a *api) login(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") != a.url || !strings.HasPrefix(r.Header.Get("Referer"), a.url+"/") {
		http.Error(w, "forged", http.StatusForbidden)
		return
	}
	w.Header().Add("Set-Cookie", session+"; Path=/; Secure; HttpOnly; SameSite=None")
	w.Header().Add("Set-Cookie", "user=ada; Domain=api.localhost; Secure; SameSite=None; Path=/")
	http.Redirect(w, r, a.url+"/welcome", http.StatusSeeOther)
}

// signedIn wants every cookie that was set.
func signedIn(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if cookies := r.Header.Get("Cookie"); !strings.Contains(cookies, session) || !strings.Contains(cookies, "user=ada") {
			http.Error(w, "not signed in", http.StatusUnauthorized)
			return
		}
		h(w, r)
	}
}

// times is how often a request came; of all requests if none is named.
func (a *api) times(request string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, seen := range a.seen {
		if request == "" || seen == request {
			n++
		}
	}
	return n
}
