package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/concors/concors/cors/weburl"
)

// route is how hosts are reached.
type route struct {
	resolve   []Resolution
	ipv4First bool
	proxy     *url.URL // for every request; nil for none
	fromEnv   func(*url.URL) (*url.URL, error)
}

// newRoute reads the part of a Config that is about reaching hosts.
func newRoute(c *Config) (*route, error) {
	r := &route{resolve: c.Resolve}
	if c.Proxy != "" {
		if len(c.Resolve) > 0 {
			return nil, errors.New("invalid proxy: it looks up names itself, so that no name can be resolved here")
		}
		var err error
		r.proxy, err = parseProxy("proxy", c.Proxy)
		return r, err
	}
	plain, errPlain := envProxy(c.Getenv, "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
	secure, errSecure := envProxy(c.Getenv, "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
	_, none := firstSet(c.Getenv, "no_proxy", "NO_PROXY")
	r.fromEnv = (&httpproxy.Config{HTTPProxy: plain, HTTPSProxy: secure, NoProxy: none}).ProxyFunc()
	return r, errors.Join(errPlain, errSecure)
}

// envProxy returns the first proxy that the environment names.
func envProxy(getenv func(string) string, names ...string) (string, error) {
	name, value := firstSet(getenv, names...)
	if value == "" {
		return "", nil
	}
	u, err := parseProxy(name, value)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

func firstSet(getenv func(string) string, names ...string) (name, value string) {
	for _, name := range names {
		if value := getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// parseProxy reads the URL of a proxy, which without a scheme is one of http. The value stays out of the error: it may hold a
// password.
func parseProxy(what, value string) (*url.URL, error) {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("invalid %s: not a URL", what)
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return u, nil
	}
	return nil, fmt.Errorf("invalid %s: scheme %q is not http, https or socks5", what, u.Scheme)
}

// proxyFor returns the proxy for a URL, or nil.
func (r *route) proxyFor(u *weburl.URL) (*url.URL, error) {
	switch {
	case r.proxy != nil:
		return r.proxy, nil
	case isLoopback(u.Host), r.resolved(u.Host, portOf(u)) != nil:
		return nil, nil
	}
	return r.fromEnv(&url.URL{Scheme: u.Scheme, Host: hostPort(u)})
}

// resolved returns the addresses that a host and port were given; nil for none.
func (r *route) resolved(host string, port int) []netip.Addr {
	for _, one := range r.resolve {
		if one.Port == port && (one.Host == host || one.Host == "*") {
			return one.Addresses
		}
	}
	return nil
}

// addresses returns where a host leads, when that is known without asking.
func (r *route) addresses(host string, port int) []netip.Addr {
	list := r.resolved(host, port)
	switch {
	case list != nil || !isLocalhost(host):
		return list
	case r.ipv4First:
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	}
	return []netip.Addr{netip.IPv6Loopback(), netip.AddrFrom4([4]byte{127, 0, 0, 1})}
}

// dial connects to a host and port. Addresses that are known get a share of the time each.
func (r *route) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, err
	}
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		host = "[" + host + "]"
	}
	list := r.addresses(host, port)
	if list == nil {
		return dialer.DialContext(ctx, network, address)
	}
	var failed error
	for i, a := range list {
		conn, err := dialShare(ctx, &dialer, network, netip.AddrPortFrom(a, uint16(port)).String(), len(list)-i)
		if err == nil {
			return conn, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

// dialShare connects within one of n equal shares of the time that is left.
func dialShare(ctx context.Context, d *net.Dialer, network, address string, n int) (net.Conn, error) {
	if deadline, ok := ctx.Deadline(); ok && n > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/time.Duration(n))
		defer cancel()
	}
	return d.DialContext(ctx, network, address)
}

// hostPort is the host and port of a URL, the default port spelled out.
func hostPort(u *weburl.URL) string { return u.Host + ":" + strconv.Itoa(portOf(u)) }

func portOf(u *weburl.URL) int {
	if u.Port >= 0 {
		return u.Port
	}
	port, _ := weburl.DefaultPort(u.Scheme)
	return port
}
