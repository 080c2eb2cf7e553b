package stacks_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/policyfile"
)

// wire sends what the model of a browser sends to one server, whatever host it is for. What was sent before, for another
// browser or another page, has its answer already: the servers have no memory.
type wire struct {
	client  *http.Client
	addr    string
	site    string // one of several on the server; empty for the only one
	answers map[string]fetch.Response
}

// of is a wire to one of several sites on the server.
func (w *wire) of(site string) *wire {
	return &wire{client: w.client, addr: w.addr, site: site, answers: map[string]fetch.Response{}}
}

// Do implements [fetch.Network].
func (w *wire) Do(sent *fetch.Sent) (fetch.Response, error) {
	key := fmt.Sprint(sent.Method, sent.URL, sent.Header)
	if res, ok := w.answers[key]; ok {
		return res, nil
	}
	u, err := url.Parse(sent.URL)
	if err != nil {
		return fetch.Response{}, err
	}
	req, err := http.NewRequest(sent.Method, "http://"+w.addr+u.RequestURI(), http.NoBody)
	if err != nil {
		return fetch.Response{}, err
	}
	req.Host = u.Host
	for _, f := range sent.Header {
		req.Header.Add(f.Name, f.Value)
	}
	if w.site != "" {
		req.Header.Set(stacks.SiteHeader, w.site)
	}
	res, err := w.client.Do(req)
	if err != nil {
		return fetch.Response{}, err
	}
	defer res.Body.Close()
	var list header.List
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		for _, value := range res.Header[name] {
			list.Append(name, value)
		}
	}
	w.answers[key] = fetch.Response{Status: res.StatusCode, Header: list}
	return w.answers[key], nil
}

// sites are where requests go: scheme and host.
func sites(f *policyfile.File) []string {
	list := []string{"https://api.example"}
	for _, r := range f.Routes {
		if s := "https://" + r.Host; r.Host != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// paths are those of the routes, what is below them, and their neighbours.
func paths(f *policyfile.File) []string {
	var list []string
	for _, r := range f.Routes {
		for _, p := range []string{r.Path, r.Path + "x/y", strings.TrimSuffix(r.Path, "/")} {
			if p != "" && !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	return list
}

// origins are those that the policies allow, one for each way, and those that come near.
func origins(t *testing.T, f *policyfile.File) (inside, outside []string) {
	outside = []string{"https://stranger.example", "null"}
	for _, name := range slices.Sorted(maps.Keys(f.Policies)) {
		for _, text := range f.Policies[name].Config().Origins {
			p, err := origin.ParsePattern(text)
			if err != nil {
				t.Fatal(err)
			}
			in, out := p.Probes()
			inside, outside = append(inside, in...), append(outside, out...)
		}
	}
	return inside, outside
}

// asked are the methods and headers to ask for, with some that no policy lists.
func asked(f *policyfile.File) (methods, names []string) {
	methods, names = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}, []string{"", "Authorization", "X-Concors-Other"}
	any := false
	for _, name := range slices.Sorted(maps.Keys(f.Policies)) {
		c := f.Policies[name].Config()
		any = any || slices.Contains(c.Methods, "*")
		for _, m := range c.Methods {
			if m != "*" && !slices.Contains(methods, m) {
				methods = append(methods, m)
			}
		}
		for _, h := range c.RequestHeaders {
			if h != "*" && !slices.Contains(names, h) {
				names = append(names, h)
			}
		}
	}
	if !any {
		methods = append(methods, "patch", "CONCORS-OTHER") // which most servers have no answer to
	}
	return methods, names
}

// questions are what pages ask of a server with the file: every origin for every path, and everything else for one that is
// allowed and one that is not.
func questions(t *testing.T, f *policyfile.File) []policyfile.Question {
	var list []policyfile.Question
	inside, outside := origins(t, f)
	methods, names := asked(f)
	for _, site := range sites(f) {
		for _, path := range paths(f) {
			for _, o := range append(slices.Clone(inside), outside...) {
				list = append(list, policyfile.Question{Origin: o, Method: "GET", Target: site + path})
			}
			for _, o := range []string{inside[0], inside[len(inside)-1], outside[0]} {
				for _, m := range methods {
					for _, h := range names {
						q := policyfile.Question{Origin: o, Method: m, Target: site + path}
						if h != "" {
							q.Headers = []string{h}
						}
						list = append(list, q)
						q.Credentials = true
						list = append(list, q)
					}
				}
			}
		}
	}
	return list
}
