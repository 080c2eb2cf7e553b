// Reverseproxy is a gateway as one writes it in Go: [httputil.ReverseProxy] behind rs/cors. It is a peer in the
// comparison.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/rs/cors"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "reverseproxy:", err)
		os.Exit(1)
	}
}

func run() error {
	listen := flag.String("listen", "", "address to listen on")
	upstream := flag.String("upstream", "", "URL of the server that answers")
	origins := flag.String("origins", "", "allowed origins, separated by commas; none switches CORS off")
	methods := flag.String("methods", "", "allowed methods, separated by commas")
	headers := flag.String("headers", "", "allowed request headers, separated by commas")
	maxAge := flag.Int("max-age", 0, "seconds that the answer to a preflight is kept")
	flag.Parse()

	to, err := url.Parse(*upstream)
	if err != nil {
		return err
	}
	if to.Host == "" {
		return errors.New("-upstream is not a URL with a host")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1024 // one for each client that comes at once
	transport.DisableCompression = true
	var handler http.Handler = &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to); r.SetXForwarded() },
		Transport: transport,
	}
	if *origins != "" {
		handler = cors.New(cors.Options{
			AllowedOrigins:   strings.Split(*origins, ","),
			AllowedMethods:   strings.Split(*methods, ","),
			AllowedHeaders:   strings.Split(*headers, ","),
			AllowCredentials: true,
			MaxAge:           *maxAge,
		}).Handler(handler)
	}
	server := http.Server{Addr: *listen, Handler: handler, ReadHeaderTimeout: time.Minute}
	return server.ListenAndServe()
}
