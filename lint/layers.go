package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// bothLayers finds proxies that let pages in while an application of the project does so too. Which application is behind which
// proxy is not told by any file, so a proxy is compared with the nearest one, by folders, and each proxy's file is told of once.
func bothLayers(stacks []stack.Stack, layers [][]stack.Layer) []report.Finding {
	var findings []report.Finding
	for i := range stacks {
		told := map[string]bool{}
		for _, proxy := range layers[i] {
			if !proxy.Proxies || told[proxy.At.File] {
				continue
			}
			behind, application := nearest(proxy.At.File, i, stacks, layers)
			if application == nil {
				continue
			}
			told[proxy.At.File] = true
			findings = append(findings, report.Finding{
				Rule: "both-layers", Severity: report.Warning,
				Message: fmt.Sprintf("%s lets pages in here, and %s does in %s:%d: where one is in front of the other, answers have the headers twice, and every browser refuses them",
					stacks[i].Name, stacks[behind].Name, application.At.File, application.At.Line),
				Fix:  "let one of them do it, and take the headers away from the other",
				File: proxy.At.File, Line: proxy.At.Line, Column: proxy.At.Column, Reference: reference + "#two-layers",
			})
		}
	}
	return findings
}

// nearest returns a layer of another stack that is no proxy, the one whose folder has most in common with that of a file.
func nearest(file string, except int, stacks []stack.Stack, layers [][]stack.Layer) (stackIndex int, found *stack.Layer) {
	most := -1
	for i := range stacks {
		for j := range layers[i] {
			l := &layers[i][j]
			if i == except || l.Proxies {
				continue
			}
			if n := common(path.Dir(file), path.Dir(l.At.File)); n > most {
				most, stackIndex, found = n, i, l
			}
		}
	}
	return stackIndex, found
}

// common counts the folders that two paths begin with together.
func common(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(as) && n < len(bs) && as[n] == bs[n] {
		n++
	}
	return n
}
