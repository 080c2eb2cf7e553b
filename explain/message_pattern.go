package explain

import (
	"regexp"
	"slices"
	"strings"
)

// A pattern finds a template in a [clean] text: the same words with straight quotes, where any space may be a line break,
// frames may be missing, and placeholders catch what stands there.
type pattern struct {
	*regexp.Regexp
	names []string // of the placeholder that each group catches, or of the frame that it is
}

// A found is a template that was found.
type found struct {
	start, end int
	words      int               // how many bytes of it are the template's own
	caught     map[string]string // by placeholder, as written; a frame that is there catches itself
}

func compile(template string) *pattern {
	p := &pattern{names: []string{"", ""}} // the match, and the template in it
	p.Regexp = regexp.MustCompile(p.source(template))
	return p
}

// source is the template as a regular expression. Its end is looser than its middle: a full stop may be missing there, and
// so may every frame that follows.
func (p *pattern) source(template string) string {
	parts := split(template)
	last := len(parts) - 1
	for last > 0 && isFrame(parts[last]) {
		last--
	}
	stop := ""
	if last > 0 && parts[last] == "." { // not to be told from a full stop in what stands before it
		parts = slices.Delete(parts, last, last+1)
		last--
		stop = `(?:\.(?:[\s"')\]]|$)|\n|$)`
	}
	before := ""
	if len(words(template)) < shortest && !strings.Contains(template, "{net}") {
		before = `(?:^|\n|[:\])] |:\d+ )` // too short to mean anything in the middle of a sentence
	}
	return before + "(" + p.middle(parts[:last]) + p.ending(parts[:last+1], parts[last+1:]) + stop + ")"
}

// middle is parts that more must follow.
func (p *pattern) middle(parts []string) string {
	var b strings.Builder
	for _, part := range parts {
		switch {
		case isFrame(part):
			b.WriteString(p.frame(part) + "?")
		case isPlaceholder(part):
			b.WriteString(p.group(part, placeholder(part)))
		default:
			b.WriteString(literal(part))
		}
	}
	return b.String()
}

// shortest is how many bytes of words a template needs to be told from any sentence.
const shortest = 16

// ending is the last part that is no frame, with the frames that follow it.
func (p *pattern) ending(parts, frames []string) string {
	part := parts[len(parts)-1]
	if isPlaceholder(part) {
		return p.group(part, atEnd(part)) + p.tail(frames)
	}
	text, stopped := strings.CutSuffix(strings.TrimRight(part, " "), ".")
	switch {
	case len(spoken(text)) <= 2 && len(parts) > 1 && isLine(parts[len(parts)-2]): // a quote that could as well stand in the value
		source := literal(text) + `(?:\.?` + p.tail(frames) + `(?:\n|$)|\.` + p.tail(frames) + ` `
		if len(frames) > 0 {
			source += `|` + p.frame(frames[0])
		}
		return source + `)`
	case stopped:
		return literal(text) + `\.?` + p.tail(frames)
	}
	return literal(text) + p.tail(frames)
}

// tail is frames, each of which may be missing.
func (p *pattern) tail(frames []string) string {
	var b strings.Builder
	for _, f := range frames {
		b.WriteString(p.frame(f) + "?")
	}
	return b.String()
}

// frame is a frame as a group: any of its forms.
func (p *pattern) frame(name string) string {
	p.names = append(p.names, name)
	var forms []string
	for _, form := range frameForms(name) {
		forms = append(forms, p.middle(split(form)))
	}
	return "(" + strings.Join(forms, "|") + ")"
}

func (p *pattern) group(name, source string) string {
	p.names = append(p.names, name)
	return "(" + source + ")"
}

// find looks for the template; nil when it is not there.
func (p *pattern) find(c *clean) *found {
	m := p.FindStringSubmatchIndex(c.text)
	if m == nil {
		return nil
	}
	f := &found{start: m[2], end: m[3], words: m[3] - m[2], caught: map[string]string{}}
	for i := 2; i < len(p.names); i++ {
		start, end := m[2*i], m[2*i+1]
		if start < 0 {
			continue
		}
		name := p.names[i]
		if !isFrame(name) {
			f.words -= end - start
		}
		if _, ok := f.caught[name]; !ok {
			f.caught[name] = c.original(start, end)
		}
	}
	return f
}

// literal is words as a regular expression.
func literal(s string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(spoken(s)), " ", `[ \n]`)
}

// spoken is words of a template as a [clean] text has them.
func spoken(s string) string { return strings.ReplaceAll(strings.Map(straight, s), "  ", " ") }

// split cuts a template into words and placeholders.
func split(template string) []string {
	var parts []string
	for template != "" {
		start := strings.IndexByte(template, '{')
		if start < 0 {
			return append(parts, template)
		}
		end := start + strings.IndexByte(template[start:], '}') + 1
		if start > 0 {
			parts = append(parts, template[:start])
		}
		parts = append(parts, template[start:end])
		template = template[end:]
	}
	return parts
}

// words is the longest run of a template's own words, with straight quotes: no text without it has the template.
func words(template string) string {
	longest := ""
	for _, part := range split(template) {
		if isPlaceholder(part) {
			continue
		}
		if part = strings.TrimSuffix(strings.TrimSpace(spoken(part)), "."); len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

func isPlaceholder(part string) bool { return strings.HasPrefix(part, "{") }
func isFrame(part string) bool       { return frameForms(part) != nil }
