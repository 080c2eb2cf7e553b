package stacks_test

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/policyfile"
)

// hosts are those that requests go to: those that routes name and, if some name none, another.
func hosts(f *policyfile.File) []string {
	var list []string
	for _, r := range f.Routes {
		if host := cmp.Or(r.Host, "api.localhost"); !slices.Contains(list, host) {
			list = append(list, host)
		}
	}
	return list
}

// paths are those of the routes, as URLs have them.
func paths(f *policyfile.File) []string {
	var list []string
	for _, r := range f.Routes {
		if p := (&url.URL{Path: r.Path}).EscapedPath(); !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// unescaped is a path as routes have it.
func unescaped(path string) string {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		panic(err) // it was encoded here
	}
	return decoded
}

// neighbours are paths below those of the routes and beside them.
func neighbours(f *policyfile.File) []string {
	known := paths(f)
	var list []string
	for _, p := range known {
		for _, near := range []string{p + "x/y", strings.TrimSuffix(p, "/")} {
			if near != "" && !slices.Contains(list, near) && !slices.Contains(known, near) {
				list = append(list, near)
			}
		}
	}
	return list
}

// origins are those that the policies allow, one for each way, and those that come near; of pages that Chromium can have.
func origins(t *testing.T, f *policyfile.File) (inside, outside []string) {
	t.Helper()
	outside = []string{policyfile.Stranger, "null"}
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
	pages := func(list []string) []string {
		seen := map[string]bool{}
		return slices.DeleteFunc(list, func(o string) bool {
			twice := seen[o]
			seen[o] = true
			return twice || !hasPage(o)
		})
	}
	return pages(inside), pages(outside)
}

// asked are the methods and headers to ask for, with some that no policy lists.
func asked(f *policyfile.File) (methods, names []string) {
	var configs []*cors.Config
	any := false
	for _, name := range slices.Sorted(maps.Keys(f.Policies)) {
		c := f.Policies[name].Config()
		configs = append(configs, &c)
		any = any || slices.Contains(c.Methods, "*")
	}
	methods = append(policyfile.MethodsOf(configs...), "PUT", "PATCH", "DELETE", "patch")
	if any {
		methods = slices.DeleteFunc(methods, func(m string) bool { return m == "patch" || m == policyfile.OtherMethod }) // to which most servers have no answer
	}
	slices.Sort(methods)
	return slices.Compact(methods), policyfile.HeadersOf(configs...)[1:]
}

// questions are what pages ask of a server with the file, below a scheme that stands for the server's: under each policy every
// origin, and for some that are allowed and one that is not every method and every header. Where a policy was asked about before,
// it is enough to see that it is the one.
func questions(t *testing.T, f *policyfile.File) []policyfile.Question {
	t.Helper()
	inside, outside := origins(t, f)
	methods, names := asked(f)
	few := append(slices.Clone(inside[:min(1, len(inside))]), outside[0])
	if len(inside) > 1 {
		few = append(few, inside[len(inside)-1]) // another policy's, if there are several
	}
	var list []policyfile.Question
	ask := func(page, method, target string, headers ...string) {
		list = append(list, policyfile.Question{Origin: page, Method: method, Target: target, Headers: headers})
	}
	known := map[string]bool{}
	for _, host := range hosts(f) {
		site := "https://" + host
		for _, path := range paths(f) {
			policies := ""
			for _, method := range methods {
				if r := f.Route(host, unescaped(path), method, nil); r != nil {
					policies += r.PolicyName + " "
				}
			}
			if known[policies] {
				for _, page := range few {
					ask(page, "GET", site+path)
					ask(page, "PUT", site+path)
				}
				continue
			}
			known[policies] = true
			for _, page := range slices.Concat(inside, outside) {
				ask(page, "GET", site+path)
			}
			for _, page := range few {
				for _, method := range methods {
					ask(page, method, site+path)
				}
				for _, method := range []string{"GET", "PUT"} {
					ask(page, method, site+path)
					list[len(list)-1].Credentials = true
				}
				for _, name := range names {
					ask(page, "GET", site+path, name)
				}
				ask(page, "PUT", site+path, names...)
			}
			if strings.HasSuffix(path, "/") {
				ask(few[0], "GET", site+path+"broken")
				ask(few[0], "DELETE", site+path+"missing")
			}
		}
		for _, path := range neighbours(f) {
			for _, page := range few[:min(2, len(few))] {
				ask(page, "GET", site+path)
				ask(page, "PUT", site+path)
			}
		}
	}
	return list
}
