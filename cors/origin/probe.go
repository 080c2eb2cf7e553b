package origin

import "strings"

// The labels that probes put in the place of a wildcard, and the host that a near miss ends in.
const (
	probeLabel    = "sample"
	probeStranger = "stranger.example"
)

// Probes returns origins to try whatever claims to implement the pattern: some that match, at least one for each way in
// which an origin can, and some that come near and do not match: another scheme, a neighbouring port, the apex of a wildcard,
// a host that only begins or ends like one that matches. Each is as an Origin header has it; both slices are the caller's.
// They are the same for each call. A pattern whose hosts are too long to exist has none.
func (p Pattern) Probes() (inside, outside []string) {
	if p.any {
		return []string{"https://" + probeStranger}, nil
	}
	seen := map[string]bool{}
	try := func(scheme, host string, port int) {
		o := New(scheme, host, port)
		if parsed, ok := Parse(o.text); !ok || parsed != o || seen[o.text] {
			return
		}
		seen[o.text] = true
		if p.Match(o) {
			inside = append(inside, o.text)
		} else {
			outside = append(outside, o.text)
		}
	}
	if p.text == "" {
		return nil, nil
	}
	hosts, near := p.probeHosts()
	ports := p.ports.probes()
	for _, host := range hosts {
		for _, port := range ports {
			try(p.scheme, host, port)
		}
	}
	for _, scheme := range []string{"https", "http"} {
		try(scheme, hosts[0], ports[0])
	}
	for _, host := range near {
		try(p.scheme, host, ports[0])
	}
	return inside, outside
}

// probeHosts are hosts that match, and hosts that come near.
func (p Pattern) probeHosts() (hosts, near []string) {
	switch p.wildcard {
	case wholeLabels:
		apex := strings.TrimPrefix(p.after, ".")
		hosts = []string{probeLabel + p.after, "deep." + probeLabel + p.after}
		near = []string{apex, "not" + apex}
	case partOfOneLabel:
		hosts = []string{p.before + probeLabel + p.after}
		near = []string{p.before + probeLabel + ".deep" + p.after, "deep." + hosts[0], "not" + hosts[0]}
	default:
		hosts = []string{p.before}
		near = []string{probeLabel + "." + p.before, "www." + p.before, strings.TrimPrefix(p.before, "www."), "not" + p.before}
	}
	return hosts, append(near, hosts[0]+"."+probeStranger)
}

// probes are ports that match and their neighbours, one that matches first; [noPort] is the default.
func (s portSet) probes() []int {
	if s.ranges == nil {
		return []int{noPort, 8443}
	}
	var list []int
	for _, r := range s.ranges {
		list = append(list, r.low, r.high)
	}
	for _, r := range s.ranges {
		list = append(list, r.low-1, r.high+1)
	}
	return append(list, noPort)
}
