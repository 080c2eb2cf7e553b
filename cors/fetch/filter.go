package fetch

import (
	"slices"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
)

// filtered is the response as the page sees it.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response
func (f *fetcher) filtered(res *response) *FilteredResponse {
	r := f.req
	out := &FilteredResponse{Header: res.Header, Visible: []string{}, Hidden: []string{}}
	switch {
	case res.manual:
		out.Type, out.URL = "opaqueredirect", r.url().WithoutFragment()
	case r.tainting == taintingOpaque:
		out.Type = "opaque"
	case r.tainting == taintingCORS:
		out.Type, out.Status, out.URL = "cors", res.Status, r.url().WithoutFragment()
		exposed := f.exposedNames(res.Header)
		f.sortNames(out, res.Header, func(name string) bool {
			return header.IsSafelistedResponseName(name) || exposed == nil || slices.Contains(exposed, name)
		})
		return out
	default:
		out.Type, out.Status, out.URL = "basic", res.Status, r.url().WithoutFragment()
		f.sortNames(out, res.Header, func(string) bool { return true })
		return out
	}
	f.sortNames(out, res.Header, func(string) bool { return false })
	return out
}

// exposedNames returns the names in lower case that the server exposes to the page; nil means all.
func (f *fetcher) exposedNames(list header.List) []string {
	names, state, bad := header.ExtractTokens(list, header.ExposeHeaders)
	value, _ := joined(list, header.ExposeHeaders)
	switch {
	case state == header.Failure:
		f.add(Step{Algorithm: spec.MainFetch, Number: "14.1.3", Outcome: StepFailed, What: "Access-Control-Expose-Headers does not parse", Got: value, Want: bad})
	case !f.req.credentialed() && slices.Contains(names, "*"):
		f.passed(spec.MainFetch, "14.1.2", header.ExposeHeaders, value, "*")
		return nil
	}
	names = lowered(names)
	// DIFFERS: WebKit shows Accept too.
	if f.profile.WildcardExposesAccept && slices.Contains(names, "*") {
		names = append(names, "accept")
	}
	return names
}

// sortNames splits the names of a response into those that script can read and those that it cannot.
func (f *fetcher) sortNames(out *FilteredResponse, list header.List, visible func(lower string) bool) {
	for _, field := range list {
		name := header.Lower(field.Name)
		if !header.IsForbiddenResponseName(name) && visible(name) {
			out.Visible = append(out.Visible, name)
		} else {
			out.Hidden = append(out.Hidden, name)
		}
	}
	slices.Sort(out.Visible)
	slices.Sort(out.Hidden)
	out.Visible, out.Hidden = slices.Compact(out.Visible), slices.Compact(out.Hidden)
}
