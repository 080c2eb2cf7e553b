package main

import (
	"crypto/x509"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/concors/concors/live"
)

// reachFlags say how servers are reached, in curl's words.
type reachFlags struct {
	insecure       bool
	cacert, proxy  string
	resolve        []string
	connectTimeout float64
}

func (f *reachFlags) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVarP(&f.insecure, "insecure", "k", false, "take any certificate")
	flags.StringVar(&f.cacert, "cacert", "", "trust the authorities of a PEM file")
	flags.StringArrayVar(&f.resolve, "resolve", nil, "HOST:PORT:ADDRESS, where a name leads")
	flags.StringVarP(&f.proxy, "proxy", "x", "", "a proxy for every request")
	flags.Float64Var(&f.connectTimeout, "connect-timeout", 0, "seconds for each connection")
}

// config is the part of a network that the flags are about.
func (f *reachFlags) config(o *output) (live.Config, error) {
	c := live.Config{Insecure: f.insecure, Proxy: f.proxy, Getenv: o.getenv, ConnectTimeout: seconds(f.connectTimeout)}
	for _, text := range f.resolve {
		r, err := live.ParseResolve(text)
		if err != nil {
			return live.Config{}, usage("", "invalid --resolve: %w", err)
		}
		c.Resolve = append(c.Resolve, r)
	}
	if f.cacert == "" {
		return c, nil
	}
	pem, err := os.ReadFile(f.cacert)
	if err != nil {
		return live.Config{}, &exitError{code: exitUsage, err: err}
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return live.Config{}, usage("", "invalid --cacert %q: there is no certificate in PEM in it", f.cacert)
	}
	return c, nil
}

// seconds is a time as curl's options have it.
func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
