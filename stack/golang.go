package stack

import (
	"cmp"
	"fmt"
	"go/format"
	"slices"
	"strconv"
	"strings"
)

// A GoFile is a file of Go as it grows. The zero value is an empty one.
type GoFile struct {
	imports []string
	text    strings.Builder
}

// Import adds packages to those that are imported, each once.
func (f *GoFile) Import(packages ...string) {
	for _, p := range packages {
		if !slices.Contains(f.imports, p) {
			f.imports = append(f.imports, p)
		}
	}
}

// Printf adds to what follows the imports.
func (f *GoFile) Printf(text string, args ...any) { fmt.Fprintf(&f.text, text, args...) }

// Text is the whole file of package main as gofmt writes it, with a comment, which ends with a line feed, before everything else.
func (f *GoFile) Text(comment string) string {
	isForeign := func(path string) int {
		if strings.Contains(path, ".") {
			return 1
		}
		return 0
	}
	slices.SortFunc(f.imports, func(a, b string) int {
		return cmp.Or(isForeign(a)-isForeign(b), cmp.Compare(a, b))
	})
	var b strings.Builder
	b.WriteString(comment + "\npackage main\n\nimport (\n")
	for i, path := range f.imports {
		if i > 0 && isForeign(path) > isForeign(f.imports[i-1]) {
			b.WriteString("\n")
		}
		b.WriteString(strconv.Quote(path) + "\n")
	}
	b.WriteString(")\n\n" + f.text.String())
	text, err := format.Source([]byte(b.String()))
	if err != nil {
		panic("concors: internal error: a generated file that is no Go: " + err.Error())
	}
	return string(text)
}

// GoStrings is a slice of string literals: on one line, or each on its own if that would be long.
func GoStrings(texts []string) string {
	const most = 80 // characters
	var items []string
	for _, t := range texts {
		items = append(items, strconv.Quote(t))
	}
	if len(strings.Join(items, ", ")) > most {
		return "[]string{\n" + strings.Join(items, ",\n") + ",\n}"
	}
	return "[]string{" + strings.Join(items, ", ") + "}"
}

// IsPreflight adds the function isPreflight(r).
func (f *GoFile) IsPreflight() {
	f.Import("net/http")
	f.Printf(`
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && len(r.Header["Origin"]) > 0 && len(r.Header["Access-Control-Request-Method"]) > 0
}
`)
}

// PolicyOf adds the function policyOf(r), which returns the name of a policy, or "none" where CORS is off. It needs IsPreflight
// where [Site.ByMethod].
func (f *GoFile) PolicyOf(site *Site) {
	f.Import("net/http")
	f.Printf("\n// policyOf names the policy of a request; none is where CORS is off.\nfunc policyOf(r *http.Request) string {\n")
	if site.ByMethod() {
		f.Printf("method := r.Method\nif isPreflight(r) {\n// Of the request that it asks about.\nmethod = r.Header.Get(\"Access-Control-Request-Method\")\n}\n")
	}
	for _, h := range site.Hosts {
		if h.Name == "" {
			f.places(&h)
			continue
		}
		f.Printf("if hostOf(r) == %q {\n", h.Name)
		f.places(&h)
		f.Printf("}\n")
	}
	f.Printf("}\n")
	if len(site.Hosts) > 1 {
		f.Import("strings")
		f.Printf(`
// hostOf is the host of a request, without a port.
func hostOf(r *http.Request) string {
	host := strings.ToLower(r.Host)
	if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
		host = host[:colon]
	}
	return host
}
`)
	}
}

// places returns the name of the policy for the path of a request.
func (f *GoFile) places(h *Host) {
	places, last := h.Places, "return \"none\"\n"
	if n := len(places); n > 0 && places[n-1].Path == "/" {
		places, last = places[:n-1], goRules(&places[n-1])
	}
	if len(places) > 0 {
		f.Printf("switch path := r.URL.Path; {\n")
		for i := range places {
			p := &places[i]
			is := fmt.Sprintf("path == %q", p.Path)
			if strings.HasSuffix(p.Path, "/") {
				f.Import("strings")
				is = fmt.Sprintf("strings.HasPrefix(path, %q)", p.Path)
			}
			f.Printf("case %s:\n%s", is, goRules(p))
		}
		f.Printf("}\n")
	}
	f.Printf("%s", last)
}

// goRules returns the name of the policy for the method of a request.
func goRules(p *Place) string {
	name := func(r *Rule) string {
		if r.Policy == nil {
			return "none"
		}
		return r.Policy.Name
	}
	last := name(&p.Rules[len(p.Rules)-1])
	cases := ""
	for i := range p.Rules[:len(p.Rules)-1] {
		r := &p.Rules[i]
		if name(r) == last {
			continue
		}
		var methods []string
		for _, m := range r.Methods {
			methods = append(methods, strconv.Quote(m))
		}
		cases += fmt.Sprintf("case %s:\nreturn %q\n", strings.Join(methods, ", "), name(r))
	}
	if cases != "" {
		cases = "switch method {\n" + cases + "}\n"
	}
	return fmt.Sprintf("%sreturn %q\n", cases, last)
}

// ByMethod reports whether in some place the policy depends on the method.
func (s *Site) ByMethod() bool {
	for _, h := range s.Hosts {
		for _, p := range h.Places {
			for _, r := range p.Rules {
				if r.Policy != p.Rules[0].Policy {
					return true
				}
			}
		}
	}
	return false
}
