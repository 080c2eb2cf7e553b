package verify

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/policyfile"
)

// maxPatterns is how many origin patterns of a policy are probed.
const maxPatterns = 200

// origins are those to ask about, each as an Origin header has it.
type origins struct {
	inside  []string // that the policy allows
	outside []string // that it refuses: what comes near, strangers and null
	odd     []string // that no browser sends, and that the policy refuses
}

// originsOf finds the origins that show what a policy does. Where CORS is off they are those that other policies of the file
// allow.
func originsOf(policy *cors.Policy, file *policyfile.File, server string) origins {
	var patterns []string
	if policy != nil {
		patterns = policy.Config().Origins
	} else {
		for _, name := range slices.Sorted(maps.Keys(file.Policies)) {
			patterns = append(patterns, file.Policies[name].Config().Origins...)
		}
	}
	var o origins
	seen := map[string]bool{}
	add := func(text string) {
		if page, err := fetch.NewPage(text); seen[text] || err != nil || text == server || page.Origin.String() != text {
			return // no page has it, or it is the server's own
		}
		seen[text] = true
		if policy != nil && policyfile.Allows(policy, text, "", "") {
			o.inside = append(o.inside, text)
		} else {
			o.outside = append(o.outside, text)
		}
	}
	var later []string
	for i, text := range patterns {
		pattern, err := origin.ParsePattern(text)
		if err != nil || i == maxPatterns {
			break
		}
		inside, outside := pattern.Probes()
		for _, member := range inside {
			add(member)
			later = append(later, near(member)...)
		}
		later = append(later, outside...)
		if len(inside) > 0 && policy != nil {
			o.odd = append(o.odd, odd(inside[0])...)
		}
	}
	for _, text := range slices.Concat([]string{policyfile.Stranger, "null", "http://stranger.example"}, later) {
		add(text)
	}
	if policy != nil {
		o.odd = slices.DeleteFunc(o.odd, func(text string) bool { return policyfile.Allows(policy, text, "", "") })
	}
	return o
}

// near are origins that differ from one that is allowed in what careless comparisons overlook.
func near(member string) []string {
	o, ok := origin.Parse(member)
	if !ok || o.IsOpaque() {
		return nil
	}
	port, has := o.Port()
	if !has {
		port = -1
	}
	list := []string{
		origin.New(o.Scheme(), o.Host()+"."+"stranger.example", port).String(), // matches at the beginning
		origin.New(o.Scheme(), o.Host()+".", port).String(),                    // the name with its root, which is another host
	}
	if has && port*10 < 1<<16 {
		list = append(list, origin.New(o.Scheme(), o.Host(), port*10).String()) // matches at the beginning
	}
	const dots = 3
	for i, n := strings.IndexByte(o.Host(), '.'), 0; i > 0 && n < dots; n++ {
		list = append(list, origin.New(o.Scheme(), o.Host()[:i]+"x"+o.Host()[i+1:], port).String()) // a dot that matches anything
		next := strings.IndexByte(o.Host()[i+1:], '.')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return list
}

// odd are values that no browser has for an origin, made of one that is allowed.
func odd(member string) []string {
	o, ok := origin.Parse(member)
	if !ok || o.IsOpaque() {
		return nil
	}
	list := []string{strings.ToUpper(member), member + "@stranger.example", member + "/"}
	if port, ok := o.EffectivePort(); ok {
		if _, written := o.Port(); !written {
			list = append(list, member+":"+strconv.Itoa(port))
		}
	}
	return list
}
