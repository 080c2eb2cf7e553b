package corpus

import (
	"fmt"
	"slices"
	"strings"
)

// A Deviation is a known difference between a case and something that runs it.
type Deviation struct {
	Case   string // its name
	Runner string // a browser, server or framework: "firefox", "nginx"
	Link   string // evidence: a bug, a commit, a page of a vendor
	What   string // what happens instead
}

// Deviations returns the known differences. The slice is the caller's.
func Deviations() []Deviation {
	text, err := files.ReadFile(deviationsFile)
	if err == nil {
		var list []Deviation
		if list, err = parseDeviations(string(text)); err == nil {
			return list
		}
	}
	panic(fmt.Sprintf("concors: internal error: the embedded deviations: %v", err))
}

const deviationsFile = "deviations.txt"

// parseDeviations reads a line for each difference: case, runner, link, and in words what happens instead. A line that
// starts with # is a comment.
func parseDeviations(text string) ([]Deviation, error) {
	var list []Deviation
	n := 0
	for raw := range strings.Lines(text) {
		n++
		l := line{deviationsFile, n, strings.TrimSuffix(raw, "\n")}
		if l.text == "" || strings.HasPrefix(l.text, "#") {
			continue
		}
		words := strings.Fields(l.text)
		if len(words) < 4 || !strings.HasPrefix(words[2], "https://") {
			return nil, l.errorf("want a case, a runner, a link and what happens instead")
		}
		d := Deviation{Case: words[0], Runner: words[1], Link: words[2], What: strings.Join(words[3:], " ")}
		if slices.ContainsFunc(list, func(o Deviation) bool { return o.Case == d.Case && o.Runner == d.Runner }) {
			return nil, l.errorf("%s deviates twice in %s", d.Case, d.Runner)
		}
		list = append(list, d)
	}
	return list, nil
}
