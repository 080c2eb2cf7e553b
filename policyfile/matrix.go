package policyfile

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

// maxMatrixOrigins is how many origins of a policy a matrix shows.
const maxMatrixOrigins = 100

// A Cell says whether pages of some origins may make a request with a method and one header beside those that need no
// permission, and read the answer.
type Cell struct {
	Policy  string   `json:"policy"`
	Origins []string `json:"origins"` // for all of which everything is the same
	Method  string   `json:"method"`  // CONCORS-OTHER stands for one that is not listed
	Header  string   `json:"header"`  // empty for none; x-concors-other stands for one that is not listed
	Allowed bool     `json:"allowed"`
}

// Matrix asks each policy about its origins, one that comes near, a stranger and null, with each method and each header. Each
// combination is a decision of its own.
func (f *File) Matrix() []Cell {
	cells := []Cell{}
	for _, name := range slices.Sorted(maps.Keys(f.Policies)) {
		p := f.Policies[name]
		c := p.Config()
		methods, names := MethodsOf(&c), HeadersOf(&c)
		byGrid := map[string]int{}
		var grids []matrixGrid
		for _, o := range matrixOrigins(&c) {
			g := matrixGrid{origins: []string{o}}
			for _, m := range methods {
				for _, h := range names {
					g.allowed = append(g.allowed, Allows(p, o, m, h))
				}
			}
			key := fmt.Sprint(g.allowed)
			if i, ok := byGrid[key]; ok {
				grids[i].origins = append(grids[i].origins, o)
				continue
			}
			byGrid[key] = len(grids)
			grids = append(grids, g)
		}
		for _, g := range grids {
			for i, is := range g.allowed {
				cells = append(cells, Cell{Policy: name, Origins: g.origins, Method: methods[i/len(names)], Header: names[i%len(names)], Allowed: is})
			}
		}
	}
	return cells
}

// matrixGrid is what is allowed to some origins: by method, then by header.
type matrixGrid struct {
	origins []string
	allowed []bool
}

// matrixOrigins are one origin for each pattern, and those that have no business there.
func matrixOrigins(c *cors.Config) []string {
	var list, near []string
	add := func(to *[]string, o string) {
		if !slices.Contains(*to, o) {
			*to = append(*to, o)
		}
	}
	for i, text := range c.Origins {
		p, err := origin.ParsePattern(text)
		if err != nil || i == maxMatrixOrigins {
			break
		}
		inside, outside := p.Probes()
		if len(inside) > 0 {
			add(&list, inside[0])
		}
		if len(outside) > 0 && len(near) == 0 {
			add(&near, outside[0])
		}
	}
	for _, o := range append(near, Stranger, "null") {
		add(&list, o)
	}
	return list
}

// WriteMatrix writes the cells for a reader: for each policy, and for each set of origins that are treated alike, a table of
// headers and methods. It fits whatever width there is: what has no room beside stands below.
func WriteMatrix(w io.Writer, cells []Cell, l report.Layout) error {
	p := term.NewPrinter(l.Styles, l.Width)
	policy := ""
	for len(cells) > 0 {
		first := &cells[0]
		n := 0
		for n < len(cells) && cells[n].Policy == first.Policy && slices.Equal(cells[n].Origins, first.Origins) {
			n++
		}
		p.Line("")
		if policy != first.Policy {
			policy = first.Policy
			p.Beside(p.Strong("policy")+"  ", "        ", policy, p.Strong)
		}
		p.Beside("  from  ", "        ", strings.Join(first.Origins, "\n"), nil)
		writeGrid(p, cells[:n])
		cells = cells[n:]
	}
	_, err := p.WriteTo(w)
	return err
}

// writeGrid writes one table; all of it that is refused is one line.
func writeGrid(p *term.Printer, cells []Cell) {
	if !slices.ContainsFunc(cells, func(c Cell) bool { return c.Allowed }) {
		p.Line("        " + p.Bad("no") + "   nothing is allowed")
		return
	}
	var methods, names []string
	allowed := map[[2]string]bool{}
	for _, c := range cells {
		if !slices.Contains(methods, c.Method) {
			methods = append(methods, c.Method)
		}
		if !slices.Contains(names, c.Header) {
			names = append(names, c.Header)
		}
		allowed[[2]string{c.Method, c.Header}] = c.Allowed
	}
	const margin, gap = "        ", "  "
	label := 0
	for _, name := range names {
		label = max(label, term.Columns(shownHeader(name)))
	}
	label = min(label, (p.Width()-len(margin))/2)
	for len(methods) > 0 {
		// As many methods side by side as there is room for, and one at least.
		used, n := len(margin)+label, 0
		for n < len(methods) && (n == 0 || used+len(gap)+len(shownMethod(methods[n])) <= p.Width()) {
			used += len(gap) + max(len(shownMethod(methods[n])), len("yes"))
			n++
		}
		writeColumns(p, methods[:n], names, label, allowed)
		methods = methods[n:]
	}
}

func writeColumns(p *term.Printer, methods, names []string, label int, allowed map[[2]string]bool) {
	const margin, gap = "        ", "  "
	room := p.Width() - len(margin) - label - len(gap)
	row := margin + strings.Repeat(" ", label)
	for _, m := range methods {
		row += gap + p.Faint(fmt.Sprintf("%-3s", cutTo(shownMethod(m), room)))
	}
	p.Line(row)
	for _, name := range names {
		lines := term.Wrap(shownHeader(name), label)
		for i, line := range lines {
			row := margin + line
			if i == len(lines)-1 {
				row += strings.Repeat(" ", max(label-term.Columns(line), 0))
				for _, m := range methods {
					word, style := "no", p.Bad
					if allowed[[2]string{m, name}] {
						word, style = "yes", p.Good
					}
					row += gap + style(word) + strings.Repeat(" ", max(len(cutTo(shownMethod(m), room)), len("yes"))-len(word))
				}
			}
			p.Line(row)
		}
	}
}

// cutTo shortens a method that alone is wider than the room. Methods are ASCII.
func cutTo(method string, room int) string {
	if len(method) <= room {
		return method
	}
	return method[:max(room-3, 1)] + "..."
}

func shownMethod(m string) string {
	if m == OtherMethod {
		return "other"
	}
	return m
}

func shownHeader(name string) string {
	switch name {
	case "":
		return "(no header)"
	case OtherHeader:
		return "(other)"
	}
	return name
}
