package live

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/weburl"
)

// NewTransport returns what carries the requests of a program between a browser and servers. It reaches hosts as a [Network]
// does: names below localhost lead to this machine, and the environment's proxies have no part in loopback. Of the Config
// count Insecure, RootCAs, Resolve, Proxy, Getenv and ConnectTimeout. The caller closes its idle connections.
func NewTransport(c Config) (*http.Transport, error) {
	if c.Getenv == nil {
		c.Getenv = func(string) string { return "" }
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = defaultConnectTimeout
	}
	r, err := newRoute(&c)
	if err != nil {
		return nil, err
	}
	t := &http.Transport{
		Proxy: func(req *http.Request) (*url.URL, error) {
			u, err := weburl.Parse(req.URL.Scheme+"://"+req.URL.Host, nil)
			if err != nil {
				return nil, err
			}
			return r.proxyFor(u)
		},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, c.ConnectTimeout)
			defer cancel()
			conn, err := r.dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return newQuiet(conn), nil
		},
		TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs, InsecureSkipVerify: c.Insecure},
		TLSHandshakeTimeout:    c.ConnectTimeout,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        time.Minute,
		MaxIdleConnsPerHost:    16,
		MaxResponseHeaderBytes: maxHeader,
		DisableCompression:     true,
		Protocols:              new(http.Protocols),
	}
	t.Protocols.SetHTTP1(true)
	t.Protocols.SetHTTP2(true)
	return t, nil
}

// ResponseOf is the header of a response as the model takes it.
func ResponseOf(res *http.Response) fetch.Response {
	return fetch.Response{Status: res.StatusCode, Header: fields(res)}
}
