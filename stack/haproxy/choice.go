package haproxy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: which rule of the site a request is for.

// mostPatterns is far below the 64 words that a line can have.
const mostPatterns = 30

// choose writes lines that set a variable to the value of the rule that takes the request. None is the value where no place
// takes it. With one value for all requests it writes a single line.
func (w *writer) choose(variable, none string, value func(*stack.Rule) string) string {
	var b strings.Builder
	set := func(value, condition string) {
		fmt.Fprintf(&b, "    http-request set-var(txn.%s) str(%s)%s\n", variable, value, condition)
	}
	hosts := w.site.Hosts
	if hosts[len(hosts)-1].Place("/") == nil {
		set(none, "")
	}
	// The other way round than they are tried: the last that is true counts.
	for i := len(hosts) - 1; i >= 0; i-- {
		h := &hosts[i]
		host := ""
		if h.Name != "" {
			host = " { req.fhdr(Host) -m reg -i " + word("^"+regexp.QuoteMeta(h.Name)+"(:[0-9]*)?$") + " }"
		}
		for j := len(h.Places) - 1; j >= 0; j-- {
			p := &h.Places[j]
			if isSaid(h, j, value) {
				continue
			}
			last := value(&p.Rules[len(p.Rules)-1])
			where := host + pathCondition(p.Path)
			set(last, condition(where))
			for k := len(p.Rules) - 2; k >= 0; k-- {
				if r := &p.Rules[k]; value(r) != last {
					w.methods = true
					for some := range slices.Chunk(r.Methods, mostPatterns) {
						set(value(r), condition(where+" { var(txn.cors_method) -m str"+patterns(some)+" }"))
					}
				}
			}
		}
	}
	return b.String()
}

// isSaid reports whether a place has the one value that all requests there would have without it.
func isSaid(h *stack.Host, index int, value func(*stack.Rule) string) bool {
	outer := (&stack.Host{Places: h.Places[index+1:]}).Place(h.Places[index].Path)
	if outer == nil {
		return false
	}
	want := value(&outer.Rules[0])
	for _, rules := range [][]stack.Rule{outer.Rules, h.Places[index].Rules} {
		for i := range rules {
			if value(&rules[i]) != want {
				return false
			}
		}
	}
	return true
}

// pathCondition is true for the paths of a place; empty for all.
func pathCondition(path string) string {
	switch {
	case path == "/":
		return ""
	case strings.HasSuffix(path, "/"):
		return " { path,url_dec -m beg " + word(path) + " }"
	}
	return " { path,url_dec -m str " + word(path) + " }"
}

func condition(all string) string {
	if all == "" {
		return ""
	}
	return " if" + all
}
