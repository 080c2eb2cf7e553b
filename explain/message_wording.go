package explain

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// A wording is one way in which browsers put something: the words, and what they stand for.
type wording struct {
	engine   string // empty when several print it
	template string
	ids      []string // of failures or warnings, the likeliest first
	rank     rank
	value    string // what decided, where the words themselves say it
	historic bool   // no browser of today prints it
}

// A rank tells how much words say of the cause. Of several lines the one that says most counts.
type rank int

// The ranks. The zero value is that of a reason.
const (
	tellsCause      rank = 0
	tellsWarning    rank = -1 // of what fails nothing
	tellsConnection rank = -2 // that no usable response came; also printed after other reasons
	tellsRequest    rank = -3 // which request failed, not why
	tellsNothing    rank = -4
)

// wordings are all that is recognised: the lines of the engines' consoles, from the templates that they are composed by,
// and others.
func wordings() []wording {
	same := strings.NewReplacer("{C target}", "{C}", "{F target}", "{F}", "{F quoted}", "{F}",
		"{W to target}", "{W redirection}", "{W to location}", "{W redirection}")
	var list []wording
	for _, e := range []struct {
		name     string
		template func(fetch.FailureID) string
		variants []variant
	}{
		{chromium, chromiumTemplate, chromiumVariants()},
		{firefox, firefoxTemplate, firefoxVariants()},
		{webkit, webkitTemplate, webkitVariants()},
	} {
		for _, id := range fetch.FailureIDs() {
			list = withTemplate(list, e.name, same.Replace(e.template(id)), id)
		}
		for _, v := range e.variants {
			list = withTemplate(list, e.name, same.Replace(v.template), v.id)
		}
	}
	return append(list, otherWordings()...)
}

// withTemplate adds an engine's template of a failure; WebKit's of a failed connection once for each way to fail.
func withTemplate(list []wording, engine, template string, id fetch.FailureID) []wording {
	w := wording{engine: engine, template: template, ids: ids(id)}
	if id == fetch.NetworkFailure || id == fetch.PreflightNetwork {
		w.rank = tellsConnection
	}
	if !strings.Contains(template, "{W net}") {
		return withWording(list, w)
	}
	for _, e := range []fetch.NetworkError{fetch.ErrorRefused, fetch.ErrorTimeout, fetch.ErrorDNS, fetch.ErrorTLS, fetch.ErrorReset} {
		w.template, w.value = strings.Replace(template, "{W net}", webkitNetText(e), 1), string(e)
		list = withWording(list, w)
	}
	return list
}

// withWording adds a wording; one of the same words becomes a wording for the failures of both.
func withWording(list []wording, w wording) []wording {
	if w.template == "" {
		return list
	}
	i := slices.IndexFunc(list, func(other wording) bool { return other.template == w.template })
	if i < 0 {
		return append(list, w)
	}
	same := &list[i]
	if same.engine != w.engine {
		same.engine = ""
	}
	for _, id := range w.ids {
		switch {
		case slices.Contains(same.ids, id):
		case id == string(fetch.NetworkFailure):
			same.ids = append([]string{id}, same.ids...)
		default:
			same.ids = append(same.ids, id)
		}
	}
	return list
}

func ids(list ...fetch.FailureID) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = string(id)
	}
	return out
}
