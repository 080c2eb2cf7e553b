package syntax

import "iter"

// Kind says what a node is, and so which of its fields mean what.
type Kind uint8

// The kinds of nodes. Fields that are not named are empty.
const (
	Bad     Kind = iota // stands where an error is
	Program             // List: statements

	Name        // Text
	PrivateName // Text, with its #
	String      // Text: its value; strings in JSX too
	Number      // Text, as written
	Regexp      // Text: the pattern, Flags
	Template    // Strings: its texts, List: what stands between them, Left: its tag or nil
	Keyword     // Text: true, false, null, this, super, import, new.target, import.meta
	Array       // List
	Hole        // an element that is left out
	Object      // List: properties and spreads
	Property    // Key, Right: its value (nil in a class without one), Text: get, set, or empty
	Spread      // Left
	Function    // Key: its name or nil, Params, Body: a block, an expression, or nil; Arrow
	Class       // Key: its name or nil, Left: what it extends or nil, List: properties and blocks
	Call        // Left, List: arguments
	New         // Left, List: arguments
	Member      // Left, Key: a Name or PrivateName
	Index       // Left, Right
	Unary       // Text: the operator, Left; await, yield, ++ and -- too
	Binary      // Text: the operator, Left, Right
	Assign      // Text: the operator, Left, Right; in a pattern, Right is the default
	Conditional // Test, Left, Right
	Sequence    // List: expressions between commas
	Element     // Key: its name or nil, List: attributes (Property, Spread) and children

	Empty      // nothing that runs: also types, and what is declared to be elsewhere
	Block      // List
	Variables  // Text: const, let, var, using; List: declarators
	Declarator // Left: a name or pattern, Right: its value or nil
	Statement  // Left: an expression
	Return     // Left or nil
	Throw      // Left
	Jump       // Text: break or continue
	If         // Test, Left, Right or nil
	Loop       // List: what stands in its head, Body
	Switch     // Test, List: cases
	Case       // Test or nil, List: statements
	Try        // Body, Left: the parameter or nil, Right: the handler or nil, Last: the finally block or nil
	Import     // Text: the module, List: specifiers; Flags "=" when it was written with require
	Export     // Text: default, = or empty; Left: what is exported or nil; List: specifiers; Right: the module or nil
	Specifier  // Text: the name outside (default, or * for all), Left: the name inside or nil
)

// A Node is a part of a program. Nodes are not changed after [Parse], so they may be read concurrently.
type Node struct {
	Kind       Kind
	Start, End int // offsets in the text, in bytes

	Text  string
	Flags string

	Test, Key, Left, Right, Body, Last *Node

	Params  []*Node // patterns; one with a default is an Assign, the rest is a Spread
	List    []*Node
	Strings []string

	Arrow    bool // a function with =>
	Async    bool
	Computed bool // a property whose key is an expression in brackets
	Static   bool // a property of a class itself
	Parens   bool // it stood in parentheses

	depth int
}

// Children are the nodes right below a node, in the order of the text as far as it matters to what runs first.
func (n *Node) Children() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for _, c := range [...]*Node{n.Test, n.Key, n.Left, n.Right} {
			if c != nil && !yield(c) {
				return
			}
		}
		for _, list := range [...][]*Node{n.Params, n.List} {
			for _, c := range list {
				if !yield(c) {
					return
				}
			}
		}
		for _, c := range [...]*Node{n.Body, n.Last} {
			if c != nil && !yield(c) {
				return
			}
		}
	}
}

// Walk visits a node and what is below it, as long as visit says to go deeper. A nil node is no node.
func Walk(n *Node, visit func(*Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for c := range n.Children() {
		Walk(c, visit)
	}
}

// Is reports whether a node is there and of a kind.
func (n *Node) Is(k Kind) bool { return n != nil && n.Kind == k }

// IsName reports whether a node is this very name.
func (n *Node) IsName(name string) bool { return n.Is(Name) && n.Text == name }
