package serve

import (
	"net"
	"strconv"

	"github.com/concors/concors/gateway/config"
)

// isAddress reports whether a text is host and port; the host may be empty for all.
func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// claim sees that nobody else listens where a file wants to be served: Caddy would share the port with another Caddy, and
// each would get some of the requests. In the place of port 0 it puts a free one, which stays the same while the program runs.
func (s *server) claim(next *served) error {
	next.listen = nil
	for _, address := range config.Listen(next.file, config.Options{Listen: s.Listen}) {
		actual, err := s.free(address)
		if err != nil {
			return err
		}
		next.listen = append(next.listen, actual)
	}
	g := &next.file.Gateway
	others := []string{g.Admin, g.Health, g.Metrics}
	if g.TLS != nil {
		others = append(others, g.TLS.RedirectFrom)
	}
	for _, address := range others {
		if address == "" {
			continue
		}
		if _, err := s.free(address); err != nil {
			return err
		}
	}
	next.config, _ = config.JSON(next.file, config.Options{Listen: next.listen})
	return nil
}

// free finds out whether an address is, unless it was already.
func (s *server) free(address string) (actual string, err error) {
	if actual, ok := s.claimed[address]; ok {
		return actual, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	host, port, _ := net.SplitHostPort(address)
	if port == "0" {
		_, port, _ = net.SplitHostPort(l.Addr().String())
	}
	actual = net.JoinHostPort(host, port)
	s.claimed[address] = actual
	return actual, l.Close()
}

// urlOf is where a browser finds an address.
func urlOf(address string, secure bool) string {
	host, port, _ := net.SplitHostPort(address)
	if host == "" {
		host = "localhost"
	}
	if secure {
		return "https://" + net.JoinHostPort(host, port)
	}
	return "http://" + net.JoinHostPort(host, port)
}
