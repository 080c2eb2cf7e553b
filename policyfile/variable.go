package policyfile

import (
	"regexp"
	"strings"
)

// variableName is the name of a variable of the environment. It is read-only.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand puts the values of variables in the place of ${NAME}; $${ stands for ${ itself. It reports whether all were found.
// What a variable holds is text: it is not read as YAML, nor expanded again.
func (r *reader) expand(v value, text string) (string, bool) {
	if !strings.Contains(text, "${") {
		return text, true
	}
	var b strings.Builder
	ok := true
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), ok
		}
		if strings.HasSuffix(before, "$") {
			b.WriteString("{")
			text = rest
			continue
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !variableName.MatchString(name) {
			r.wrong(v, "variable-invalid", "write ${NAME}, or $${ for ${ itself", "what stands in ${...} is not the name of a variable: letters, digits and underscores")
			return "", false
		}
		value, set := r.options.LookupEnv(name)
		if !set {
			ok = false
			missing := unsetVariable{v, name}
			if r.unset != nil {
				*r.unset = append(*r.unset, missing)
			} else {
				r.missing(missing)
			}
		}
		b.WriteString(value)
		text = after
	}
}

// An unsetVariable is a variable that is not set, and the value that needs it.
type unsetVariable struct {
	v    value
	name string
}

// missing tells about one.
func (r *reader) missing(u unsetVariable) {
	r.wrong(u.v, "variable-missing", "set "+u.name+" where the program runs, or write its value", "the variable %s is not set", u.name)
}
