// Package devproxy is a proxy for developing: on loopback, in front of one API that cannot be changed, it grants pages of given
// origins what CORS has to grant, and tells for each request what the API itself would have let the page have, and why.
//
// It is no gateway. It takes requests of this machine alone, for one API, of the pages that it was told.
package devproxy

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/live"
)

// DefaultListen is where a proxy listens if it is not told.
const DefaultListen = "127.0.0.1:8788"

// Config says for which API and which pages a proxy is. API and Pages are required; the zero value of every other field is a
// proxy that tells nobody what it sees.
type Config struct {
	API   string   // its origin, http or https: https://api.example.com; a slash may follow
	Pages []string // the origins of the pages, as browsers write them: http://localhost:5173

	// Listen is the loopback address and port, such as 127.0.0.1:8788; localhost is 127.0.0.1, and port 0 a free one. Empty
	// means [DefaultListen].
	Listen string

	// Browser is the one that verdicts are about. The zero value stands for the Standard's.
	Browser fetch.Profile

	// KeepOrigin leaves Origin, Referer and Sec-Fetch-Site of a page as the page's own browser would send them to the API, for
	// all requests. The verdict is then about all of them, and an API that turns foreign origins away does so.
	KeepOrigin bool

	Insecure bool                // take any certificate of the API
	RootCAs  *x509.CertPool      // trusted authorities; nil means the system's
	Getenv   func(string) string // reads the environment's proxies, as in [live.Config]; nil means an empty environment

	ConnectTimeout time.Duration // for a connection to the API, TLS included; 0 means 10 seconds
	AnswerTimeout  time.Duration // from the end of a request to the header of its response; 0 means a minute

	// ShowSecrets leaves tokens and the like in what is reported as they are.
	ShowSecrets bool

	// Report is told each request when its response begins, one at a time; it must not keep or change the exchange. Nil
	// tells nobody.
	Report func(*Exchange)
}

const (
	defaultAnswerTimeout = time.Minute
	preflightTimeout     = 10 * time.Second // of one that is passed on: the page waits for it
	longestHeader        = 64 << 10         // bytes of a request's header; all cookies of localhost are in it
)

// A Proxy is a development proxy. Its methods may be used concurrently. Make one with [New].
type Proxy struct {
	config Config
	api    origin.Origin
	pages  []origin.Origin
	listen string
	policy *cors.Policy

	transport  http.RoundTripper
	idle       func() // closes the idle connections of the transport
	preflights preflights
	forward    *httputil.ReverseProxy

	report sync.Mutex // one report at a time

	address net.Addr // set by Listen, before anything is served
	server  *http.Server
	cancel  context.CancelFunc
	ended   chan error // how serving ended
}

// New checks a Config and makes the proxy of it, which does not listen yet. The error tells everything that is wrong.
func New(c Config) (*Proxy, error) {
	p := &Proxy{config: c, preflights: preflights{list: map[preflightKey]*answered{}}, ended: make(chan error, 1)}
	var badAPI, badPages, badListen error
	p.api, badAPI = parseAPI(c.API)
	p.pages, p.policy, badPages = parsePages(c.Pages)
	p.listen, badListen = parseListen(c.Listen)
	if badAPI == nil && badListen == nil {
		badListen = notItself(p.api, p.listen)
	}
	if err := errors.Join(badAPI, badPages, badListen); err != nil {
		return nil, err
	}
	if p.config.Browser.Name == "" {
		p.config.Browser = fetch.Standard()
	}
	if p.config.AnswerTimeout == 0 {
		p.config.AnswerTimeout = defaultAnswerTimeout
	}
	transport, err := live.NewTransport(live.Config{
		Insecure: c.Insecure, RootCAs: c.RootCAs, Getenv: c.Getenv, ConnectTimeout: c.ConnectTimeout,
	})
	if err != nil {
		return nil, err
	}
	transport.ResponseHeaderTimeout = p.config.AnswerTimeout
	p.transport, p.idle = transport, transport.CloseIdleConnections
	p.forward = p.newForward()
	return p, nil
}

// Listen serves on the loopback address of the Config until [Proxy.Close]. It may be called once.
func (p *Proxy) Listen(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", p.listen)
	if err != nil {
		return err
	}
	p.address = l.Addr()
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	p.cancel = cancel
	p.server = &http.Server{
		Handler: p,

		DisableGeneralOptionsHandler: true, // what asks for no path is turned away too

		ReadHeaderTimeout: 10 * time.Second, // what follows may be an upload or a stream, which take as long as they take
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    longestHeader,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          log.New(io.Discard, "", 0), // what a client does to its connection is no news
	}
	go func() { p.ended <- p.server.Serve(l) }()
	return nil
}

// URL is where the proxy listens, once it does.
func (p *Proxy) URL() string { return "http://" + p.address.String() }

// BaseURL is what a page of the first origin calls in the place of the API: the proxy under the page's own host where that
// is this machine, for then the two are of one site and cookies go along.
func (p *Proxy) BaseURL() string {
	address := p.address.(*net.TCPAddr)
	host := p.pages[0].Host()
	if !leadsTo(host, address.IP) {
		return p.URL()
	}
	return fmt.Sprintf("http://%s:%d", host, address.Port)
}

// Wait returns nil when the context ends, and an error if the server does before.
func (p *Proxy) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-p.ended:
		return fmt.Errorf("serve the proxy: %w", err)
	}
}

// Close ends what [Proxy.Listen] began: requests under way have a second, streams and WebSockets are cut.
func (p *Proxy) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := p.server.Shutdown(ctx)
	p.cancel() // of connections that were upgraded the server knows nothing
	p.idle()
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return p.server.Close()
}
