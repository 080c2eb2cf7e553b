package nextjs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: how next.config names a place. Next.js applies every entry
// that takes a path, so that each must leave out what another is for.

// A place is one entry of next.config for a place of a site.
type place struct {
	source string   // the JavaScript expression
	where  []string // properties that tell the host, as JavaScript
	of     *stack.Place
}

// places returns those of a site for which there is something to say. A place inside of another, of which the same is said, is
// a part of it.
func places(site *stack.Site, says func(*stack.Place) bool, same func(a, b *stack.Place) bool) []place {
	var list []place
	for i := range site.Hosts {
		h := &site.Hosts[i]
		for j := range h.Places {
			p := &h.Places[j]
			rest := stack.Host{Places: h.Places[j+1:]}
			if outer := rest.Place(p.Path); !says(p) || outer != nil && same(p, outer) {
				continue
			}
			list = append(list, place{source: source(p, inner(h, j, same)), where: where(site, h), of: p})
		}
	}
	return list
}

// inner are the paths inside of a place of which something else is said.
func inner(h *stack.Host, at int, same func(a, b *stack.Place) bool) []string {
	p := &h.Places[at]
	var list []string
	for i := range h.Places[:at] {
		if q := &h.Places[i]; strings.HasSuffix(p.Path, "/") && strings.HasPrefix(strings.ToLower(q.Path), strings.ToLower(p.Path)) && !same(p, q) {
			list = append(list, q.Path[len(p.Path):])
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(path string) bool {
		return slices.ContainsFunc(list, func(other string) bool {
			return path != other && strings.HasSuffix(other, "/") && strings.HasPrefix(strings.ToLower(path), strings.ToLower(other))
		})
	})
}

// source is a path, or all below one but what others are for.
func source(p *stack.Place, without []string) string {
	prefix, isPrefix := strings.CutSuffix(p.Path, "/")
	switch {
	case !isPrefix:
		return stack.JavaScriptString(p.Path)
	case len(without) == 0:
		return stack.JavaScriptString(prefix + "/:path(.*)")
	}
	var items []string
	for _, path := range without {
		item := regexp.QuoteMeta(path)
		if !strings.HasSuffix(path, "/") {
			item += "/?$"
		}
		items = append(items, strings.ReplaceAll(item, `\`, `\\`))
	}
	return fmt.Sprintf("`%s/:path((?!%s|${disguised}).*)`", prefix, strings.Join(items, "|"))
}

// disguised writes the constant that sources need where they leave something out.
func disguised(list []place) string {
	for _, p := range list {
		if strings.Contains(p.source, "${disguised}") {
			return `
// Next.js compares sources with a path as it is sent, but finds a handler for the decoded one too. Where a part of a path is for
// another entry, a spelling that nobody needs, %70 for p or %2F for a slash, gets nothing: it would be taken for the wrong part.
const disguised = '.*%(?:2[d-fD-F]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE])';
`
		}
	}
	return ""
}

// where tells the host, and of requests for no host that is named that they are none of these.
func where(site *stack.Site, h *stack.Host) []string {
	item := func(name string) string {
		return "{ type: 'host', value: " + stack.JavaScriptString(regexp.QuoteMeta(name)) + " }"
	}
	if h.Name != "" {
		return []string{"has: [" + item(h.Name) + "]"}
	}
	var others []string
	for i := range site.Hosts {
		if name := site.Hosts[i].Name; name != "" {
			others = append(others, item(name))
		}
	}
	if len(others) == 0 {
		return nil
	}
	return []string{"missing: [" + strings.Join(others, ", ") + "]"}
}

// refusePaths refuses paths that a browser would, or could, spell otherwise, as nothing decodes them, and hosts that Next.js cuts
// at the first colon.
func refusePaths(s *stack.Stack, site *stack.Site, nearest string) []report.Finding {
	var findings []report.Finding
	for _, h := range site.Hosts {
		if strings.Contains(h.Name, "[") {
			need := stack.Need{Feature: stack.PerHost, Where: "the host " + h.Name}
			findings = append(findings, s.CannotExpress(need, nearest))
		}
		for _, p := range h.Places {
			if strings.Trim(strings.ToLower(p.Path), "abcdefghijklmnopqrstuvwxyz0123456789-._~/") != "" || strings.Contains(p.Path, "//") {
				need := stack.Need{Feature: stack.PerPath, Where: fmt.Sprintf("the route %s by other characters than letters, digits and -._~", p.Path)}
				findings = append(findings, s.CannotExpress(need, nearest))
			}
		}
	}
	return findings
}
