// Package demo is the demonstration: on loopback, a page and an API that make the classic mistakes of CORS. The model of
// the browser explains each of them over the real connection, and the page makes the same requests in the visitor's own
// browser and shows whether it did what was predicted.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/concors/concors/cors/fetch"
)

// Config says where the demonstration is and how the model reaches it.
type Config struct {
	// Port is the page's; 0 stands for a free one.
	Port int

	// Network returns the network on which the model makes a request from a page. It must send every request, those
	// that could change something included: they go to servers of the demonstration alone.
	Network func(page *fetch.Page, req *fetch.Request) (fetch.Network, error)

	// LookupHost returns the addresses of a host name; nil stands for this machine's resolver.
	LookupHost func(ctx context.Context, host string) ([]string, error)
}

// A Demo is a running demonstration. Its methods may be used concurrently. Make one with [Start].
type Demo struct {
	origins
	named    bool
	list     []Mistake
	model    fetch.Page
	network  func(*fetch.Page, *fetch.Request) (fetch.Network, error)
	handler  http.Handler
	server   *http.Server
	failed   chan error
	modelled sync.Mutex // one visitor's predictions at a time
}

// Start serves the page and the API on loopback until [Demo.Close].
func Start(ctx context.Context, c Config) (*Demo, error) {
	page, err := listen(ctx, c.Port)
	if err != nil {
		return nil, err
	}
	api, err := listen(ctx, 0)
	if err != nil {
		page.Close()
		return nil, err
	}
	d := &Demo{network: c.Network, failed: make(chan error, 2)}
	lookup := c.LookupHost
	if lookup == nil {
		lookup = net.DefaultResolver.LookupHost
	}
	d.named = resolve(ctx, lookup)
	d.origins = newOrigins(d.named, port(page), port(api))
	d.list = d.mistakes()
	if d.model, err = d.pageModel(); err != nil {
		err = errors.Join(err, page.Close(), api.Close())
		return nil, err
	}
	d.handler = d.byHost(d.pageHandler(api.Addr().String()), apiHandler(d.list))
	d.server = &http.Server{
		Handler:           d.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      time.Minute,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    1 << 16,
		ErrorLog:          log.New(io.Discard, "", 0), // what a client does to its connection is no news
	}
	for _, l := range []net.Listener{page, api} {
		go func() { d.failed <- d.server.Serve(l) }()
	}
	return d, nil
}

func listen(ctx context.Context, port int) (net.Listener, error) {
	return new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
}

func port(l net.Listener) string { return strconv.Itoa(l.Addr().(*net.TCPAddr).Port) }

// URL is the page's.
func (d *Demo) URL() string { return d.page + "/" }

// Mistakes lists the mistakes, and after them what is right. The slice is the caller's.
func (d *Demo) Mistakes() []Mistake { return append([]Mistake(nil), d.list...) }

// Handler answers for every host of the demonstration, as its servers do.
func (d *Demo) Handler() http.Handler { return d.handler }

// Wait returns nil when the context ends, and an error if a server does before.
func (d *Demo) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-d.failed:
		return fmt.Errorf("serve the demonstration: %w", err)
	}
}

// Close lets requests under way end, for a second at most, and stops the servers.
func (d *Demo) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := d.server.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return d.server.Close()
}
