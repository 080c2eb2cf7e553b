package explain

import (
	"io"
	"strings"
)

// WriteComparison writes how two origins relate.
func WriteComparison(w io.Writer, c *OriginComparison, l Layout) error {
	p := newPrinter(l)
	style := p.styles.Warn
	if c.Relation == SameOrigin {
		style = p.styles.Good
	}
	relation := string(c.Relation)
	if c.Relation == SameSite {
		relation = "cross-origin, same-site"
	} else if c.Relation == CrossSite {
		relation = "cross-origin, cross-site"
	}
	p.line(style(relation))
	p.item("a", c.A.Origin, plain)
	p.item("b", c.B.Origin, plain)
	for _, part := range c.Differs {
		switch part {
		case "scheme":
			p.item("why", "the scheme differs: "+c.A.Scheme+", "+c.B.Scheme, plain)
		case "host":
			p.item("why", "the host differs: "+c.A.Host+", "+c.B.Host, plain)
		case "port":
			p.item("why", "the port differs: "+portOrDefault(c.A)+", "+portOrDefault(c.B), plain)
		}
	}
	p.paragraph(c.Why)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// portOrDefault is a port, and whether it is the scheme's own.
func portOrDefault(o OriginResult) string {
	switch {
	case o.Port == "":
		return "none"
	case !strings.HasSuffix(o.Origin, ":"+o.Port):
		return o.Port + " (the default)"
	}
	return o.Port
}
