package policyfile

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/report"
)

// An address is one that the gateway listens on.
type address struct {
	what string // which of them it is
	at   place
	host string // without brackets; empty for all
	port int    // 0 for any that is free
}

func (a *address) String() string { return net.JoinHostPort(a.host, strconv.Itoa(a.port)) }

// isAll reports whether it is one for every address of the machine.
func (a *address) isAll() bool {
	ip, err := netip.ParseAddr(a.host)
	return a.host == "" || err == nil && ip.IsUnspecified()
}

func (a *address) isIP() bool {
	_, err := netip.ParseAddr(a.host)
	return err == nil
}

// isLoopback reports whether only this machine can reach it.
func (a *address) isLoopback() bool { return isLoopback(a.host) }

// isLoopback reports whether a host, without brackets, is this machine and reached from nowhere else.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// overlaps reports whether two addresses cannot both be listened on.
func (a *address) overlaps(b *address) bool {
	return a.port == b.port && a.port != 0 && (a.isAll() || b.isAll() || a.host == b.host || a.isLoopback() && b.isLoopback() && (a.host == "localhost" || b.host == "localhost"))
}

// takes reports whether what is sent to a host, without brackets, and a port comes here.
func (a *address) takes(host string, port int) bool {
	if a.port != port {
		return false
	}
	ip, err := netip.ParseAddr(host)
	local := isLoopback(host) || err == nil && ip.IsUnspecified()
	return a.host == host || local && (a.isAll() || a.host == "localhost" || a.isLoopback() && (host == "localhost" || strings.HasSuffix(host, ".localhost")))
}

// address reads host and port, of which the host may be empty.
func (r *reader) address(v value, what string) (address, bool) {
	if r.ignored(v) {
		return address{}, false
	}
	if v.node.Kind == yaml.ScalarNode && v.node.Style == 0 && v.node.Tag == "!!int" {
		r.wrong(v, "address-invalid", "write "+quoted(":"+v.node.Value)+", or an address before the colon", "%s is a number, and has to be host and port", what)
		return address{}, false
	}
	text, ok := r.text(v, what)
	if !ok {
		return address{}, false
	}
	return r.parseAddress(v.at, text, what)
}

func (r *reader) parseAddress(at place, text, what string) (address, bool) {
	refuse := func(why, fix string) (address, bool) {
		r.add(at, report.Error, "address-invalid", what+" is "+show(text)+why, fix)
		return address{}, false
	}
	if _, rest, found := strings.Cut(text, "://"); found {
		fix := "write host and port: 127.0.0.1:8080"
		if rest = strings.TrimRight(rest, "/"); strings.LastIndexByte(rest, ':') > strings.LastIndexByte(rest, ']') && !strings.ContainsAny(rest, "/@?#") {
			fix = "write " + quoted(rest)
		}
		return refuse(", a URL, and has to be host and port", fix)
	}
	host, digits, err := net.SplitHostPort(text)
	if err != nil {
		fix := "write host and port: 127.0.0.1:8080, or :8080 for all addresses"
		_, notNumber := strconv.Atoi(text)
		ip, notIP := netip.ParseAddr(strings.Trim(text, "[]"))
		switch {
		case notNumber == nil:
			fix = "write " + quoted(":"+text)
		case notIP == nil:
			fix = "write the port too: " + quoted(net.JoinHostPort(ip.String(), "8080"))
		}
		return refuse(", and has to be host and port", fix)
	}
	port, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return refuse(", whose port is not a number from 0 to 65535", "write host and port: 127.0.0.1:8080")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.Unmap().String()
	} else if host != "" {
		u, err := weburl.Parse("http://"+host, nil)
		if err != nil || u.Host != host {
			return refuse(", whose host is neither an address nor a name", "write the address to listen on, or nothing for all: :"+digits)
		}
	}
	return address{what: what, at: at, host: host, port: int(port)}, true
}

// writtenAddress reads an address whose host is not left out: such a listener is of this machine unless the file says otherwise.
// None is the zero address.
func (r *reader) writtenAddress(v value, what string) (address, bool) {
	if v.node == nil || r.isNone(v) {
		return address{}, false
	}
	a, ok := r.address(v, what)
	if ok && a.host == "" {
		port := strconv.Itoa(a.port)
		r.wrong(v, "address-open", "write 127.0.0.1:"+port+" for this machine only, or 0.0.0.0:"+port, "%s has no host, so that everybody who can reach the machine can use it; that has to be written out", what)
		return address{}, false
	}
	return a, ok
}

// isNone reports whether a value switches off what it is about.
func (r *reader) isNone(v value) bool {
	return v.node.Kind == yaml.ScalarNode && v.node.Tag == "!!str" && v.node.Value == None
}
