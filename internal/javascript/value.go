package javascript

import (
	"strconv"
	"strings"

	"github.com/concors/concors/internal/javascript/syntax"
)

// A Text is a string that is known, with the place where it is written.
type Text struct {
	At   *syntax.Node
	Text string
}

// text returns the string that an expression is, if that is known.
func (f *file) text(n *syntax.Node) (string, bool) { return f.textWithin(n, maxParts) }

func (f *file) textWithin(n *syntax.Node, depth int) (string, bool) {
	n = f.resolve(n)
	if n == nil || depth == 0 {
		return "", false
	}
	switch n.Kind {
	case syntax.String:
		return n.Text, true
	case syntax.Number:
		if v, ok := number(n.Text); ok {
			return strconv.FormatFloat(v, 'f', -1, 64), true
		}
	case syntax.Keyword:
		return n.Text, n.Text == "true" || n.Text == "false"
	case syntax.Template:
		if n.Left != nil || len(n.Strings) != len(n.List)+1 {
			return "", false
		}
		text := n.Strings[0]
		for i, part := range n.List {
			s, ok := f.textWithin(part, depth-1)
			if !ok || len(text)+len(s) > maxText {
				return "", false
			}
			text += s + n.Strings[i+1]
		}
		return text, true
	case syntax.Binary:
		if v, ok := f.numberWithin(n, depth); ok {
			return strconv.FormatFloat(v, 'f', -1, 64), true
		}
		if n.Text != "+" {
			return "", false
		}
		left, ok := f.textWithin(n.Left, depth-1)
		right, also := f.textWithin(n.Right, depth-1)
		return left + right, ok && also && len(left)+len(right) <= maxText
	case syntax.Call:
		if n.Left.IsName("String") && len(n.List) == 1 {
			return f.textWithin(n.List[0], depth-1)
		}
		if n.Left.Is(syntax.Member) {
			return f.textOfCall(n, depth)
		}
	}
	return "", false
}

// textOfCall is what a method makes of strings.
func (f *file) textOfCall(n *syntax.Node, depth int) (string, bool) {
	switch n.Left.Key.Text {
	case "toString", "trim":
		s, ok := f.textWithin(n.Left.Left, depth-1)
		return strings.TrimSpace(s), ok && len(n.List) == 0
	case "toLowerCase":
		s, ok := f.textWithin(n.Left.Left, depth-1)
		return strings.ToLower(s), ok
	case "toUpperCase":
		s, ok := f.textWithin(n.Left.Left, depth-1)
		return strings.ToUpper(s), ok
	case "join":
		items, complete := f.items(n.Left.Left)
		if !complete {
			return "", false
		}
		separator := ","
		if len(n.List) > 0 {
			var ok bool
			if separator, ok = f.textWithin(n.List[0], depth-1); !ok {
				return "", false
			}
		}
		var list []string
		total := 0
		for _, item := range items {
			s, ok := f.textWithin(item, depth-1)
			if total += len(s) + len(separator); !ok || total > maxText {
				return "", false
			}
			list = append(list, s)
		}
		return strings.Join(list, separator), true
	}
	return "", false
}

// number returns what a number is worth.
func number(literal string) (float64, bool) {
	literal = strings.TrimSuffix(strings.ReplaceAll(literal, "_", ""), "n")
	if i, err := strconv.ParseInt(literal, 0, 64); err == nil {
		return float64(i), true
	}
	v, err := strconv.ParseFloat(literal, 64)
	return v, err == nil
}

// number returns the number that an expression is, if that is known.
func (f *file) number(n *syntax.Node) (float64, bool) { return f.numberWithin(n, maxParts) }

func (f *file) numberWithin(n *syntax.Node, depth int) (float64, bool) {
	n = f.resolve(n)
	if n == nil || depth == 0 {
		return 0, false
	}
	switch n.Kind {
	case syntax.Number:
		return number(n.Text)
	case syntax.Unary:
		v, ok := f.numberWithin(n.Left, depth-1)
		return -v, ok && n.Text == "-"
	case syntax.Binary:
		a, ok := f.numberWithin(n.Left, depth-1)
		if !ok {
			return 0, false
		}
		b, ok := f.numberWithin(n.Right, depth-1)
		if !ok {
			return 0, false
		}
		switch n.Text {
		case "*":
			return a * b, true
		case "+":
			return a + b, true
		case "-":
			return a - b, true
		case "/":
			return a / b, b != 0
		}
	}
	return 0, false
}

// isTrue returns whether an expression is true or false, if that is known.
func (f *file) isTrue(n *syntax.Node) (value, known bool) {
	n = f.resolve(n)
	switch {
	case n == nil:
		return false, false
	case n.Kind == syntax.Keyword && (n.Text == "true" || n.Text == "false"):
		return n.Text == "true", true
	case n.Kind == syntax.Unary && n.Text == "!" && n.Left.Is(syntax.Number):
		return n.Left.Text == "0", true // !0 and !1, as minifiers write
	}
	return false, false
}

// items returns the elements of a list, and whether these are all.
func (f *file) items(n *syntax.Node) (list []*syntax.Node, complete bool) {
	return f.itemsWithin(n, maxParts)
}

func (f *file) itemsWithin(n *syntax.Node, depth int) (list []*syntax.Node, complete bool) {
	n = f.resolve(n)
	if n == nil || depth == 0 {
		return nil, false
	}
	complete = !f.strange[n]
	add := func(more []*syntax.Node, all bool) {
		if len(list)+len(more) > maxItems {
			more, all = nil, false
		}
		list, complete = append(list, more...), complete && all
	}
	switch n.Kind {
	case syntax.Array:
		for _, e := range n.List {
			if e.Kind == syntax.Spread {
				add(f.itemsWithin(e.Left, depth-1))
			} else {
				add([]*syntax.Node{e}, true)
			}
		}
		return list, complete
	case syntax.New:
		if n.Left.IsName("Set") && len(n.List) == 1 {
			add(f.itemsWithin(n.List[0], depth-1))
			return list, complete
		}
	case syntax.Conditional: // what may be in it is known, what is not
		add(f.itemsWithin(n.Left, depth-1))
		add(f.itemsWithin(n.Right, depth-1))
		return list, false
	case syntax.Binary:
		if n.Text == "??" || n.Text == "||" {
			add(f.itemsWithin(n.Right, depth-1))
			return list, false
		}
	case syntax.Call:
		if n.Left.Is(syntax.Member) {
			return f.itemsOfCall(n, depth)
		}
	}
	return nil, false
}

// itemsOfCall is the list that a method makes of another.
func (f *file) itemsOfCall(n *syntax.Node, depth int) (list []*syntax.Node, complete bool) {
	switch n.Left.Key.Text {
	case "filter":
		list, complete = f.itemsWithin(n.Left.Left, depth-1)
		return list, complete && len(n.List) == 1 && n.List[0].IsName("Boolean")
	case "concat":
		list, complete = f.itemsWithin(n.Left.Left, depth-1)
		for _, arg := range n.List {
			more, all := f.itemsWithin(arg, depth-1)
			if f.resolve(arg).Is(syntax.String) {
				more, all = []*syntax.Node{arg}, true
			}
			if len(list)+len(more) > maxItems {
				return list, false
			}
			list, complete = append(list, more...), complete && all
		}
		return list, complete
	case "split":
		text, ok := f.text(n.Left.Left)
		if !ok || len(n.List) == 0 {
			return nil, false
		}
		separator, ok := f.text(n.List[0])
		if !ok || separator == "" || strings.Count(text, separator) > maxItems {
			return nil, false
		}
		for _, s := range strings.Split(text, separator) {
			list = append(list, &syntax.Node{Kind: syntax.String, Start: n.Start, End: n.End, Text: s})
		}
		return list, true
	case "map":
		list, complete = f.itemsWithin(n.Left.Left, depth-1)
		if len(n.List) == 1 && trims(f.function(n.List[0])) {
			for i, e := range list {
				if s, ok := f.text(e); ok {
					list[i] = &syntax.Node{Kind: syntax.String, Start: e.Start, End: e.End, Text: strings.TrimSpace(s)}
				}
			}
			return list, complete
		}
	}
	return nil, false
}

// trims reports whether a function is s => s.trim().
func trims(n *syntax.Node) bool {
	return n != nil && len(n.Params) == 1 && n.Body.Is(syntax.Call) && n.Body.Left.Is(syntax.Member) &&
		n.Body.Left.Key.Text == "trim" && n.Body.Left.Left.IsName(n.Params[0].Text)
}
