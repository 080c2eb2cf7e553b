package stack

import (
	"regexp/syntax"
	"strings"

	"github.com/concors/concors/cors/origin"
)

// A ReadPattern is an origin pattern of a policy file that stands for what a regular expression matches.
type ReadPattern struct {
	Pattern string

	// Wider is set where the pattern matches more: a whole label of the expression is one or more labels of the pattern.
	Wider bool
}

// ReadRegexp returns the patterns that match the origins which an expression matches, and is false where no patterns do. The
// expression is anchored at both ends; for another one there are none.
func ReadRegexp(expression string, ignoreCase bool) ([]ReadPattern, bool) {
	if len(expression) > maxExpression {
		return nil, false
	}
	flags := syntax.Perl
	if ignoreCase {
		flags |= syntax.FoldCase
	}
	tree, err := syntax.Parse(expression, flags)
	if err != nil || tree.Op != syntax.OpConcat || len(tree.Sub) < 3 {
		return nil, false
	}
	last := len(tree.Sub) - 1
	if !isAnchor(tree.Sub[0], syntax.OpBeginText, syntax.OpBeginLine) || !isAnchor(tree.Sub[last], syntax.OpEndText, syntax.OpEndLine) {
		return nil, false
	}
	texts, ok := readConcat(tree.Sub[1:last])
	if !ok {
		return nil, false
	}
	var list []ReadPattern
	for _, text := range texts {
		p, ok := readPattern(strings.ToLower(text))
		if !ok {
			return nil, false
		}
		list = append(list, p)
	}
	return list, true
}

func isAnchor(re *syntax.Regexp, ops ...syntax.Op) bool { return re.Op == ops[0] || re.Op == ops[1] }

// What stands in a text for a part of an expression that matches many.
const (
	someLabels = "\x01" // labels, each with its dot
	inOneLabel = "\x02" // characters of one label
	anything   = "\x03"
	anyPort    = "\x04" // a colon and a number, or nothing
)

// readPattern makes a pattern of a text.
func readPattern(text string) (ReadPattern, bool) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || strings.Count(rest, someLabels)+strings.Count(rest, inOneLabel)+strings.Count(rest, anything) > 1 {
		return ReadPattern{}, false
	}
	if after, ok := strings.CutPrefix(rest, anything+"."); ok {
		rest = someLabels + after
	}
	if strings.Contains(rest, ":"+inOneLabel) {
		return ReadPattern{}, false // :* of a pattern is no port too
	}
	wider := strings.HasPrefix(rest, inOneLabel+".") || strings.Contains(rest, "."+inOneLabel+".")
	rest = strings.NewReplacer(someLabels, "*.", inOneLabel, "*", anyPort, ":*").Replace(rest)
	p := ReadPattern{Pattern: scheme + "://" + rest, Wider: wider}
	_, err := origin.ParsePattern(p.Pattern)
	return p, err == nil && !strings.Contains(rest, anything)
}

// read returns the texts of an expression.
func read(re *syntax.Regexp) (texts []string, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}, true
	case syntax.OpCapture:
		return read(re.Sub[0])
	case syntax.OpConcat:
		return readConcat(re.Sub)
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			more, ok := read(sub)
			if !ok || len(texts)+len(more) > maxMembers {
				return nil, false
			}
			texts = append(texts, more...)
		}
		return texts, true
	case syntax.OpQuest:
		if isPort(re.Sub[0]) {
			return []string{anyPort}, true
		}
		texts, ok = read(re.Sub[0])
		return append(texts, ""), ok
	case syntax.OpPlus, syntax.OpStar:
		sub := re.Sub[0]
		switch {
		case sub.Op == syntax.OpAnyCharNotNL || sub.Op == syntax.OpAnyChar:
			return []string{anything}, true
		case !isDottedLabel(sub):
			return nil, false
		case re.Op == syntax.OpStar:
			return []string{someLabels, ""}, true
		}
		return []string{someLabels}, true
	case syntax.OpEmptyMatch:
		return []string{""}, true
	}
	return nil, false
}

// readConcat returns the texts of expressions one after the other. Those beside each other that are of one label are one.
func readConcat(list []*syntax.Regexp) (texts []string, ok bool) {
	texts = []string{""}
	for i := 0; i < len(list); i++ {
		ends := []string{inOneLabel}
		if end := labelRun(list[i:]); end > 0 {
			i += end - 1
		} else if ends, ok = read(list[i]); !ok {
			return nil, false
		}
		var longer []string
		for _, begin := range texts {
			for _, end := range ends {
				longer = append(longer, begin+end)
			}
		}
		if texts = longer; len(texts) > maxMembers {
			return nil, false
		}
	}
	return texts, true
}

// labelRun returns how many expressions at the beginning of a list match characters of one label, if they can match many.
func labelRun(list []*syntax.Regexp) int {
	n, repeats := 0, false
	for n < len(list) && isOfLabel(list[n]) {
		repeats = repeats || list[n].Op != syntax.OpCharClass
		n++
	}
	if !repeats {
		return 0
	}
	return n
}

// isOfLabel reports whether an expression matches nothing but characters of a label.
func isOfLabel(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpCharClass:
		for _, c := range "./:@?#[]" {
			if inClass(re.Rune, c) && !inClass(re.Rune, 0x10FFFF) {
				return false
			}
		}
		return !inClass(re.Rune, '.') // a negated class has the others too, which no origin has before its port
	case syntax.OpConcat, syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat, syntax.OpCapture:
		for _, sub := range re.Sub {
			if !isOfLabel(sub) {
				return false
			}
		}
		return true
	}
	return false
}

func inClass(ranges []rune, c rune) bool {
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i] <= c && c <= ranges[i+1] {
			return true
		}
	}
	return false
}

// isDottedLabel reports whether an expression matches a label and a dot.
func isDottedLabel(re *syntax.Regexp) bool {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpConcat {
		return false
	}
	last := len(re.Sub) - 1
	return re.Sub[last].Op == syntax.OpLiteral && string(re.Sub[last].Rune) == "." && labelRun(re.Sub[:last]) == last
}

// isPort reports whether an expression matches a colon and any number.
func isPort(re *syntax.Regexp) bool {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpConcat || len(re.Sub) != 2 || re.Sub[0].Op != syntax.OpLiteral || string(re.Sub[0].Rune) != ":" {
		return false
	}
	digits := re.Sub[1]
	switch {
	case digits.Op == syntax.OpPlus, digits.Op == syntax.OpStar, digits.Op == syntax.OpRepeat && digits.Min <= 1 && digits.Max >= 5:
		of := digits.Sub[0]
		return of.Op == syntax.OpCharClass && len(of.Rune) == 2 && of.Rune[0] == '0' && of.Rune[1] == '9'
	}
	return false
}
