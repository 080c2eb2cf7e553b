package route_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/route"
)

func TestFind(t *testing.T) {
	matches := []route.Match{
		0:  {Path: "/"},
		1:  {Path: "/api/"},
		2:  {Path: "/api/users"},
		3:  {Path: "/api/", Methods: []string{"GET", "PUT"}},
		4:  {Host: "a.example", Path: "/"},
		5:  {Host: "a.example", Path: "/api/v2/", Methods: []string{"GET"}},
		6:  {Path: "/tenant/", Headers: header.List{{Name: "x-tenant", Value: "1"}}},
		7:  {Path: "/tenant/", Headers: header.List{{Name: "x-tenant", Value: "2"}, {Name: "X-Id", Value: "3"}}},
		8:  {Path: "/form", Methods: []string{"POST"}},
		9:  {Host: "[::1]", Path: "/"},
		10: {Path: "/api/", Methods: []string{"GET"}}, // never: 3 came before
	}
	tenant := func(value string) http.Header { return http.Header{"X-Tenant": {"0", value}, "X-Id": {"3"}} }
	table := route.NewTable(matches)
	for _, row := range []struct {
		name, host, path, method string
		h                        http.Header
		want                     int
	}{
		{"the root", "", "/", "GET", http.Header{}, 0},
		{"below it", "other.example", "/x/y", "GET", http.Header{}, 0},
		{"a longer prefix", "", "/api/x", "DELETE", http.Header{}, 1},
		{"a method that is named", "", "/api/x", "PUT", http.Header{}, 3},
		{"HEAD goes with GET", "", "/api/", "HEAD", http.Header{}, 3},
		{"the whole path", "", "/api/users", "PUT", http.Header{}, 2},
		{"a path that only begins so", "", "/api/users/1", "DELETE", http.Header{}, 1},
		{"a prefix without its slash", "", "/api", "GET", http.Header{}, 0},
		{"a host", "a.example", "/api/users", "GET", http.Header{}, 4},
		{"a host in capitals, with a port", "A.EXAMPLE:8443", "/", "GET", http.Header{}, 4},
		{"a host's longer prefix", "a.example", "/api/v2/x", "GET", http.Header{}, 5},
		{"a host's shorter prefix takes other methods", "a.example", "/api/v2/x", "PUT", http.Header{}, 4},
		{"an address", "[::1]:80", "/", "GET", http.Header{}, 9},
		{"an address without a port", "[::1]", "/", "GET", http.Header{}, 9},
		{"a header", "", "/tenant/x", "GET", tenant("1"), 6},
		{"more headers", "", "/tenant/x", "GET", tenant("2"), 7},
		{"a header with another value", "", "/tenant/x", "GET", tenant("4"), -1},
		{"a preflight has no headers", "", "/tenant/x", "GET", nil, 7},
		{"another method", "", "/form", "GET", http.Header{}, 0},
		{"no path", "", "", "GET", http.Header{}, -1},
		{"no path of a resource", "", "*", "OPTIONS", http.Header{}, -1},
		{"slashes", "", "//api/x", "GET", http.Header{}, 0},
		{"a host longer than any", strings.Repeat("a", 1<<16), "/api/x", "DELETE", http.Header{}, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := table.Find(row.host, row.path, row.method, row.h); got != row.want {
				t.Errorf("got %d, want %d", got, row.want)
			}
		})
	}
	if got := new(route.Table).Find("a.example", "/", "GET", nil); got != -1 {
		t.Errorf("the zero table: got %d, want -1", got)
	}
}

// linear is what Find means, as a person reads a list of routes.
func linear(matches []route.Match, host, path, method string, h http.Header) int {
	order := make([]int, len(matches))
	for i := range order {
		order[i] = i
	}
	named := func(yes bool) int {
		if yes {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &matches[i], &matches[j]
		return cmp.Or(named(a.Host != "")-named(b.Host != ""), len(b.Path)-len(a.Path), named(a.Methods != nil)-named(b.Methods != nil), len(b.Headers)-len(a.Headers))
	})
	blocked := ""
	for _, i := range order {
		m := &matches[i]
		place := m.Host + " " + m.Path
		switch {
		case m.Host != "" && m.Host != host:
			continue
		case path != m.Path && !(strings.HasSuffix(m.Path, "/") && strings.HasPrefix(path, m.Path)):
			continue
		case blocked != "" && place != blocked:
			return -1
		case m.Methods != nil && !slices.Contains(m.Methods, method) && !(method == "HEAD" && slices.Contains(m.Methods, "GET")):
			continue
		}
		wants := !slices.ContainsFunc(m.Headers, func(f header.Field) bool { return !slices.Contains(h.Values(f.Name), f.Value) })
		if h == nil || wants {
			return i
		}
		blocked = place
	}
	return -1
}

func TestFindMeansTheList(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	one := func(list ...string) string { return list[random.IntN(len(list))] }
	path := func() string {
		text := "/"
		for range random.IntN(4) {
			text += one("a", "b", "") + one("/", "/", "c")
		}
		return text
	}
	found, none := 0, 0
	for range 20_000 {
		var matches []route.Match
		for range 1 + random.IntN(12) {
			m := route.Match{Host: one("", "x.example", "y.example"), Path: path()}
			if random.IntN(2) == 0 {
				m.Methods = []string{one("GET", "PUT"), one("POST", "PUT")}
			}
			if random.IntN(3) == 0 {
				m.Headers = header.List{{Name: one("X-A", "x-b"), Value: one("1", "2")}}
			}
			matches = append(matches, m)
		}
		table := route.NewTable(matches)
		for range 10 {
			host, path, method := one("x.example", "y.example", "z.example"), path(), one("GET", "HEAD", "PUT", "POST", "DELETE")
			var h http.Header
			if random.IntN(3) > 0 {
				h = http.Header{"X-A": {one("1", "2")}, "X-B": {one("1", "2")}}
			}
			got, want := table.Find(host, path, method, h), linear(matches, host, path, method, h)
			if got != want {
				t.Fatalf("%s http://%s%s %v: got %d, want %d of %+v", method, host, path, h, got, want, matches)
			}
			if got < 0 {
				none++
			} else {
				found++
			}
		}
	}
	if found < 1000 || none < 1000 {
		t.Errorf("%d were found and %d not, want a thousand of each at least", found, none)
	}
}

func TestFindAllocatesNothing(t *testing.T) {
	table, hosts := thousand(1000)
	h := http.Header{}
	if got := testing.AllocsPerRun(100, func() { table.Find(hosts[7], "/api/v7/users/1", "GET", h) }); got != 0 {
		t.Errorf("got %v allocations, want none", got)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("a.example", "/api/x", "GET")
	f.Add("A.EXAMPLE:1", "//", "PUT")
	f.Add("[::1", "*", "")
	matches := []route.Match{{Path: "/"}, {Path: "/api/"}, {Host: "a.example", Path: "/api/x"}, {Path: "/api/x/", Methods: []string{"PUT"}}}
	table := route.NewTable(matches)
	f.Fuzz(func(t *testing.T, host, path, method string) {
		got := table.Find(host, path, method, http.Header{})
		if got >= 0 && !strings.HasPrefix(path, matches[got].Path) {
			t.Errorf("%q is for %+v", path, matches[got])
		}
	})
}

// thousand is a table of n routes: below prefixes, half of them on hosts.
func thousand(n int) (*route.Table, []string) {
	var matches []route.Match
	var hosts []string
	for i := range n {
		host := fmt.Sprintf("api%d.example", i)
		hosts = append(hosts, host)
		if i%2 == 0 {
			matches = append(matches, route.Match{Path: fmt.Sprintf("/api/v%d/", i)})
		} else {
			matches = append(matches, route.Match{Host: host, Path: fmt.Sprintf("/api/v%d/", i)})
		}
	}
	return route.NewTable(matches), hosts
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{10, 1000} {
		table, hosts := thousand(n)
		h := http.Header{}
		for _, row := range []struct{ name, host, path string }{
			{"below a prefix", "gateway.example", "/api/v8/users/1"},
			{"on a host", hosts[7], "/api/v7/users/1"},
			{"nowhere, hostile", hosts[7], strings.Repeat("/api", 2000)},
		} {
			b.Run(fmt.Sprintf("%d routes/%s", n, row.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					table.Find(row.host, row.path, "GET", h)
				}
			})
		}
	}
}
