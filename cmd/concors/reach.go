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
	var err error
	c.RootCAs, err = authorities("cacert", f.cacert)
	return c, err
}

// authorities reads the PEM file of an option; nil, for the system's, if none is given.
func authorities(option, file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: err}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, usage("", "invalid --%s %q: there is no certificate in PEM in it", option, file)
	}
	return pool, nil
}

// seconds is a time as curl's options have it.
func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
