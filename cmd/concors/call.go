package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
	"github.com/concors/concors/live"
)

// callFlags say which request is made, from which page, and how its servers are reached.
type callFlags struct {
	curl, fetch string // files to read it from

	method, user                             string
	headers, data, raw, binary, urlencoded   []string
	get, head                                bool
	page, credentials, mode, redirect        string
	initiator, cookie, pageSpace, otherSpace string
	responses                                []string
	send, insecure                           bool
	cacert, proxy                            string
	resolve                                  []string
	connectTimeout, maxTime                  float64
}

func (f *callFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.curl, "curl", "", "a cURL command line; - is standard input")
	flags.StringVar(&f.fetch, "fetch", "", "JavaScript with calls of fetch; - is standard input")

	flags.StringVarP(&f.method, "request", "X", "", "the method")
	flags.StringArrayVarP(&f.headers, "header", "H", nil, "a header that the script sets")
	flags.StringArrayVarP(&f.data, "data", "d", nil, "the body; @FILE reads it")
	flags.StringArrayVar(&f.raw, "data-raw", nil, "the body, @ and all")
	flags.StringArrayVar(&f.binary, "data-binary", nil, "the body; @FILE reads it as it is")
	flags.StringArrayVar(&f.urlencoded, "data-urlencode", nil, "a part of the body that is encoded")
	flags.BoolVarP(&f.get, "get", "G", false, "put the data into the URL")
	flags.BoolVarP(&f.head, "head", "I", false, "the method is HEAD")
	flags.StringVarP(&f.user, "user", "u", "", "NAME:PASSWORD for an Authorization header")
	flags.StringVarP(&f.cookie, "cookie", "b", "", "the cookies that the browser has for the first host")

	flags.StringVar(&f.page, "page", "", "the page that makes the request: a URL, an origin, or null")
	flags.StringVar(&f.page, "origin", "", "the same as --page")
	flags.StringVar(&f.credentials, "credentials", "", "omit, same-origin or include")
	flags.StringVar(&f.mode, "mode", "", "cors, no-cors or same-origin")
	flags.StringVar(&f.redirect, "redirect", "", "follow, error or manual")
	flags.StringVar(&f.initiator, "initiator", "", "what makes the request: fetch, xhr, img, script, font, ...")
	flags.StringVar(&f.pageSpace, "page-space", "", "the page's address space: public, local or loopback")
	flags.StringVar(&f.otherSpace, "target-space", "", "the server's address space")

	flags.StringArrayVar(&f.responses, "response", nil, "a file of raw responses, instead of a network; - is standard input")
	flags.BoolVar(&f.send, "send", false, "send requests that could change something")
	flags.BoolVarP(&f.insecure, "insecure", "k", false, "take any certificate")
	flags.StringVar(&f.cacert, "cacert", "", "trust the authorities of a PEM file")
	flags.StringArrayVar(&f.resolve, "resolve", nil, "HOST:PORT:ADDRESS, where a name leads")
	flags.StringVarP(&f.proxy, "proxy", "x", "", "a proxy for every request")
	flags.Float64Var(&f.connectTimeout, "connect-timeout", 0, "seconds for each connection")
	flags.Float64VarP(&f.maxTime, "max-time", "m", 0, "seconds for the whole fetch")
}

// ofURL names the flags that are about the request of a URL operand, and mean nothing to one that is read from text.
func (f *callFlags) ofURL() []string {
	return []string{"request", "header", "data", "data-raw", "data-binary", "data-urlencode", "get", "head", "user"}
}

// calls reads the requests: that of the URL, or those of a text.
func (f *callFlags) calls(o *output, cmd *cobra.Command, operands []string) ([]input.Call, error) {
	if len(operands) == 0 {
		for _, name := range f.ofURL() {
			if cmd.Flags().Changed(name) {
				return nil, usage("concors explain --help", "--%s goes with a URL", name)
			}
		}
	}
	var list []input.Call
	var err error
	switch {
	case f.curl != "":
		var text string
		if text, err = o.readText(f.curl, input.MaxCall); err != nil {
			return nil, err
		}
		var one *input.Call
		if one, err = input.ParseCurl(text); err == nil {
			list = []input.Call{*one}
		}
		err = placed(f.curl, err)
	case f.fetch != "":
		var text string
		if text, err = o.readText(f.fetch, input.MaxCall); err != nil {
			return nil, err
		}
		list, err = input.ParseFetch(text)
		err = placed(f.fetch, err)
	default:
		var args []string
		if args, err = f.curlArguments(o, operands[0]); err != nil {
			return nil, err
		}
		var one *input.Call
		if one, err = input.ParseCurlArguments(args); err == nil {
			list = []input.Call{*one}
		}
	}
	if err != nil {
		return nil, &exitError{code: exitUsage, err: err, hint: hintOf(f)}
	}
	for i := range list {
		if err := f.override(&list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func hintOf(f *callFlags) string {
	switch {
	case f.curl != "":
		return "in the browser's developer tools, Network, the request's menu: Copy as cURL"
	case f.fetch != "":
		return "in the browser's developer tools, Network, the request's menu: Copy as fetch"
	}
	return "concors explain --help"
}

// placed names the file of an error.
func placed(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", nameOf(name), err)
}

func nameOf(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

// curlArguments are the flags as curl would have them.
func (f *callFlags) curlArguments(o *output, url string) ([]string, error) {
	var args []string
	add := func(name string, values ...string) {
		for _, value := range values {
			args = append(args, name, value)
		}
	}
	if f.method != "" {
		add("--request", f.method)
	}
	add("--header", f.headers...)
	for _, list := range []struct {
		values []string
		asIs   bool
	}{{f.data, false}, {f.binary, true}} {
		for _, value := range list.values {
			text, err := o.dataOf(value, list.asIs)
			if err != nil {
				return nil, err
			}
			add("--data-raw", text)
		}
	}
	add("--data-raw", f.raw...)
	add("--data-urlencode", f.urlencoded...)
	if f.get {
		args = append(args, "--get")
	}
	if f.head {
		args = append(args, "--head")
	}
	if f.user != "" {
		add("--user", f.user)
	}
	return append(args, "--globoff", "--url", url), nil
}

// dataOf is a body that stands on the command line, or in the file that an @ leads to; then without line breaks, unless it is
// wanted as it is.
func (o *output) dataOf(value string, asIs bool) (string, error) {
	file, found := strings.CutPrefix(value, "@")
	if !found {
		return value, nil
	}
	text, err := o.readText(file, input.MaxCall)
	if err == nil && !asIs {
		text = strings.NewReplacer("\r", "", "\n", "").Replace(text)
	}
	return text, err
}

// open opens a file or, for -, standard input.
func (o *output) open(name string) (r io.Reader, closed func(), err error) {
	if name == "-" {
		return o.in, func() {}, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, &exitError{code: exitUsage, err: err}
	}
	return file, func() { file.Close() }, nil
}

// readText reads a file, or standard input, up to a bound.
func (o *output) readText(name string, most int64) (string, error) {
	r, closed, err := o.open(name)
	if err != nil {
		return "", err
	}
	defer closed()
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return "", &exitError{code: exitUsage, err: fmt.Errorf("%s: %w", nameOf(name), err)}
	case int64(len(data)) > most:
		return "", &exitError{code: exitUsage, err: fmt.Errorf("%s: it is larger than %d MiB", nameOf(name), most>>20)}
	}
	return string(data), nil
}

// override puts what flags say in the place of what the text told.
func (f *callFlags) override(c *input.Call) error {
	r := &c.Request
	c.Page = cmp.Or(f.page, c.Page)
	c.Cookie = cmp.Or(f.cookie, c.Cookie)
	r.Mode = cmp.Or(fetch.Mode(f.mode), r.Mode)
	r.Redirect = cmp.Or(fetch.Redirect(f.redirect), r.Redirect)
	r.Credentials = cmp.Or(fetch.Credentials(f.credentials), r.Credentials)
	if f.initiator != "" {
		r.Initiator = fetch.Initiator(f.initiator)
		if !slices.Contains(fetch.Initiators(), r.Initiator) {
			return usage("", "invalid --initiator %q: want one of %s", f.initiator, words(fetch.Initiators()))
		}
	}
	return nil
}

// words lists the values of an option.
func words[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, word := range list {
		out[i] = string(word)
	}
	return strings.Join(out, ", ")
}

// pageOf makes the page of a call.
func (f *callFlags) pageOf(c *input.Call) (*fetch.Page, error) {
	if c.Page == "" {
		return nil, usage("say which page makes the request, for example --page http://localhost:3000", "no page is given, and the request does not name one")
	}
	page, err := fetch.NewPage(c.Page)
	if err != nil {
		return nil, usage("", "invalid --page: %w", err)
	}
	spaces := []fetch.AddressSpace{fetch.SpacePublic, fetch.SpaceLocal, fetch.SpaceLoopback}
	for _, s := range []struct {
		flag, value string
		to          *fetch.AddressSpace
	}{{"page-space", f.pageSpace, &page.PageSpace}, {"target-space", f.otherSpace, &page.TargetSpace}} {
		*s.to = fetch.AddressSpace(s.value)
		if s.value != "" && !slices.Contains(spaces, *s.to) {
			return nil, usage("", "invalid --%s %q: want one of %s", s.flag, s.value, words(spaces))
		}
	}
	return &page, nil
}

// explain makes one call, over the network or with recorded responses, and explains it.
func (f *callFlags) explain(ctx context.Context, o *output, p fetch.Profile, c *input.Call, showSecrets bool) (explain.Explanation, error) {
	page, err := f.pageOf(c)
	if err != nil {
		return explain.Explanation{}, err
	}
	var e explain.Explanation
	if len(f.responses) > 0 {
		e, err = f.recorded(o, p, page, c, showSecrets)
	} else {
		e, err = f.live(ctx, o, p, page, c, showSecrets)
	}
	e.Notes = append(e.Notes, c.Notes...)
	return e, err
}

func (f *callFlags) recorded(o *output, p fetch.Profile, page *fetch.Page, c *input.Call, showSecrets bool) (explain.Explanation, error) {
	var responses []fetch.Response
	for _, name := range f.responses {
		text, err := o.readText(name, input.MaxScenario)
		if err != nil {
			return explain.Explanation{}, err
		}
		list, err := input.ReadResponses(strings.NewReader(text))
		if err != nil {
			return explain.Explanation{}, &exitError{code: exitUsage, err: placed(name, err), hint: "responses as curl -i prints them, each with its status line"}
		}
		responses = append(responses, list...)
	}
	s := &input.Scenario{Page: *page, Fetches: []input.Fetch{{Request: c.Request, Responses: responses}}}
	list, err := explain.Scenario(s, p, showSecrets)
	if err != nil {
		return explain.Explanation{}, &exitError{code: exitUsage, err: err, hint: "the browser sends this request too; add what the server answers"}
	}
	return list[0], nil
}

func (f *callFlags) live(ctx context.Context, o *output, p fetch.Profile, page *fetch.Page, c *input.Call, showSecrets bool) (explain.Explanation, error) {
	config := live.Config{
		Browser: p.Name, Page: page, Request: &c.Request, Body: c.Body, Cookie: c.Cookie, Send: f.send, Insecure: f.insecure,
		Proxy: f.proxy, Getenv: o.getenv, ConnectTimeout: seconds(f.connectTimeout), MaxTime: seconds(f.maxTime),
	}
	for _, text := range f.resolve {
		r, err := live.ParseResolve(text)
		if err != nil {
			return explain.Explanation{}, usage("", "invalid --resolve: %w", err)
		}
		config.Resolve = append(config.Resolve, r)
	}
	var err error
	if config.RootCAs, err = authorities("cacert", f.cacert); err != nil {
		return explain.Explanation{}, err
	}
	net, err := live.New(ctx, config)
	if err != nil {
		return explain.Explanation{}, usage("", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	defer net.Close()
	e, err := explain.Fetch(page, &c.Request, p, net, showSecrets)
	if err != nil {
		return explain.Explanation{}, &exitError{code: exitFailed, err: err}
	}
	for _, exchange := range net.Exchanges() {
		if exchange.Problem != "" {
			e.Notes = append(e.Notes, exchange.Problem)
		}
	}
	return e, nil
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
