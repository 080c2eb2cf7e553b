package javascript

import (
	"strings"

	"github.com/concors/concors/internal/javascript/syntax"
)

// A Read is a header field that a page reads of a response.
type Read struct {
	At   *syntax.Node
	Name string // in lower case
}

// An Ask is a request that a page makes with credentials, or a way to make them.
type Ask struct {
	At  *syntax.Node // where it says so
	URL string       // as far as it is told from its beginning on
}

// readPage reads what pages ask for.
func (f *file) readPage(s *Source) {
	syntax.Walk(f.root, func(n *syntax.Node) bool {
		if len(s.Reads)+len(s.Asks) >= maxFound {
			return false
		}
		switch n.Kind {
		case syntax.Call:
			f.readRead(s, n)
			f.readAsk(s, n)
		case syntax.Index:
			if n.Right.Is(syntax.String) && n.Left.Is(syntax.Member) && n.Left.Key.Text == "headers" && isResponse(n.Left.Left) && !isTarget(f.parents[n], n) {
				s.Reads = append(s.Reads, &Read{At: n.Right, Name: strings.ToLower(n.Right.Text)})
			}
		case syntax.Assign:
			if n.Left.Is(syntax.Member) && n.Left.Key.Text == "withCredentials" {
				if yes, known := f.isTrue(n.Right); known && yes {
					s.Asks = append(s.Asks, &Ask{At: n.Left.Key})
				}
			}
		}
		return true
	})
}

func isTarget(parent, n *syntax.Node) bool { return parent.Is(syntax.Assign) && parent.Left == n }

// readRead reads response.headers.get('X-Total-Count').
func (f *file) readRead(s *Source, n *syntax.Node) {
	if !n.Left.Is(syntax.Member) || n.Left.Key.Text != "get" || len(n.List) != 1 {
		return
	}
	headers := f.resolve(n.Left.Left)
	if !headers.Is(syntax.Member) || headers.Key.Text != "headers" || !isResponse(headers.Left) {
		return
	}
	if name, ok := f.text(n.List[0]); ok {
		s.Reads = append(s.Reads, &Read{At: n.List[0], Name: strings.ToLower(name)})
	}
}

// isResponse reports whether a value is a response, as far as its name tells: servers read headers of requests in the same
// words.
func isResponse(n *syntax.Node) bool {
	name := ""
	switch {
	case n.Is(syntax.Name):
		name = n.Text
	case n.Is(syntax.Member):
		name = n.Key.Text
	case n.Is(syntax.Unary) && n.Text == "await", n.Is(syntax.Call):
		return true
	}
	name = strings.ToLower(name)
	return name == "r" || strings.HasPrefix(name, "res") || strings.HasSuffix(name, "response") || strings.HasSuffix(name, "res")
}

// readAsk reads fetch(url, {credentials: 'include'}) and what other packages have for it.
func (f *file) readAsk(s *Source, n *syntax.Node) {
	for i, arg := range n.List {
		o := f.resolve(arg)
		if !o.Is(syntax.Object) {
			continue
		}
		var at *syntax.Node
		for _, p := range o.List {
			key, ok := keyOf(p)
			if !ok || p.Right == nil {
				continue
			}
			text, isText := f.text(p.Right)
			switch yes, known := f.isTrue(p.Right); {
			case key == "credentials" && isText && text == "include", key == "withCredentials" && known && yes:
				at = p.Key
			}
		}
		if at == nil {
			continue
		}
		ask := &Ask{At: at}
		if i > 0 {
			ask.URL = f.start(n.List[0])
		} else {
			for _, key := range []string{"baseURL", "url", "prefixUrl"} {
				if text := f.start(f.property(o, key)); text != "" {
					ask.URL = text
				}
			}
		}
		s.Asks = append(s.Asks, ask)
		return
	}
}

// start is what is known of the beginning of a string.
func (f *file) start(n *syntax.Node) string {
	if text, ok := f.text(n); ok {
		return text
	}
	for range maxSteps {
		switch n = f.resolve(n); {
		case n.Is(syntax.Binary) && n.Text == "+":
			n = n.Left
		case n.Is(syntax.Template) && n.Left == nil && n.Strings[0] != "":
			return n.Strings[0]
		case n.Is(syntax.Template) && n.Left == nil && len(n.List) > 0:
			n = n.List[0]
		default:
			text, _ := f.text(n)
			return text
		}
	}
	return ""
}
