package spec_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/internal/spec"
)

var update = flag.Bool("update", false, "rewrite docs/spec.md")

// TestCoverage holds the model's comments to the list of steps, each of which stands in the code once, and docs/spec.md
// to the comments.
func TestCoverage(t *testing.T) {
	var sources []source
	for _, pattern := range []string{"../../fetch/*.go", "../../header/*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			if !strings.HasSuffix(p, "_test.go") {
				sources = append(sources, source{filepath.ToSlash(filepath.Clean(p)), read(t, p)})
			}
		}
	}
	c, err := newCoverage(spec.Algorithms(), source{"spec.go", read(t, "spec.go")}, sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.problems() {
		t.Error(p)
	}
	if t.Failed() {
		return
	}

	const table = "../../../docs/spec.md"
	if _, err := os.Stat(filepath.Dir(table)); err != nil {
		t.Skip("no docs directory: the module is not in its repository")
	}
	if *update {
		if err := os.WriteFile(table, []byte(c.table()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(table); err != nil || string(got) != c.table() {
		t.Error("docs/spec.md is not current: go test ./cors/internal/spec -update")
	}
}

// TestCoverageProblems proves that each thing TestCoverage looks for can be found.
func TestCoverageProblems(t *testing.T) {
	algorithms := []spec.Algorithm{
		{ID: "one", Name: "first algorithm", Steps: strings.Fields("1 2 2.1 2.2 3")},
		{ID: "two", Name: "second algorithm"},
	}
	const second = `
// second has no steps.
//
// https://fetch.spec.whatwg.org/#two
func second() { t.step(spec.Two, "", "done") }
`
	const first = `
// first is split over two functions.
//
// https://fetch.spec.whatwg.org/#one
func first() {
	const alg = spec.One
`
	for _, test := range []struct {
		name, code string
		want       []string
	}{
		{"complete", second + first + `
	// 1. First; 2. is no claim here, and neither is
	// the next line.
	// 2-2.1. Two more. NB: a remark.
	t.step(alg, "2", "x")
}
` + first + `
	// UNMODELLED: 2.2. Why, on
	// two lines.
	t.unmodelled(alg, "2.2", "x")

	// 3. DIFFERS: in Firefox.
}
`, nil},
		{"range within a list", second + first + `
	// 1-3, 2.1. All of it: a range ends with the step it names.
}
`, nil},
		{"missing", second + first + `
	// 1. First.
	// 2. Second.
	// 3. Third
}
`, []string{"a.go:11: steps 2.1-2.2 of first algorithm are missing"}},
		{"range without the last step's own steps", second + first + `
	// 1-2. First.
}
`, []string{"a.go:11: steps 2.1-3 of first algorithm are missing"}},
		{"twice", second + first + `
	// 1-2. First.

	// 2-3. Rest.
}
`, []string{"a.go:16: step 2 of first algorithm is claimed already, at a.go:14"}},
		{"not listed", second + first + `
	// 1-3. All.

	// 4. And on.

	// 5-6. And on.

	// 3-1. Backwards.
}
`, []string{
			"a.go:16: first algorithm has no step 4",
			"a.go:18: first algorithm has no step 5",
			"a.go:20: 3-1 is no range of steps",
		}},
		{"steps of an algorithm that has none", `
// second is new.
//
// https://fetch.spec.whatwg.org/#two
func second() {
	// 1. No.
}
` + first + `
	// 1-3. All.
}
`, []string{"a.go:7: second algorithm has no step 1"}},
		{"no function", first + `
	// 1-3. All.
}
`, []string{"spec.go:5: no function carries the anchor of second algorithm, https://fetch.spec.whatwg.org/#two"}},
		{"an anchor in a type's comment", first + `
	// 1-3. All.
}

// T is.
//
// https://fetch.spec.whatwg.org/#two
type T struct{}
`, []string{"spec.go:5: no function carries the anchor of second algorithm, https://fetch.spec.whatwg.org/#two"}},
		{"two anchors", `
// first does both.
//
// https://fetch.spec.whatwg.org/#one
// https://fetch.spec.whatwg.org/#two
func first() {
	// 1-3. All.
}
`, []string{
			"a.go:7: steps 1-3 of first algorithm are missing",
			"a.go:8: a step of which algorithm? The function carries several anchors",
		}},
		{"left out in silence", second + first + `
	// 1. First.
	t.unmodelled(alg, "2", "x")

	// UNMODELLED: 2-2.2. Why.
	t.step(alg, "2", "x")

	// UNMODELLED: 3. Why.
	t.unmodelled(alg, "2", "x")
}
`, []string{
			"a.go:17: no call of unmodelled says that step 2-2.2 is left out",
			"a.go:20: no call of unmodelled says that step 3 is left out",
		}},
		{"left out without a reason", second + first + `
	// 1-2.2. All but one.
	// UNMODELLED: 3.
	t.unmodelled(alg, "3", "x")
}
`, []string{"a.go:15: step 3 is left out without a reason"}},
		{"left out in part", second + first + `
	// 1-2.2. First. UNMODELLED: Some of the second, and
	// why.
	t.unmodelled(alg, "2", "x")

	// 3. Third. UNMODELLED: Some of it.
	t.step(alg, "3", "x")
}
`, []string{"a.go:18: no call of unmodelled says that step 3 is left out"}},
		{"left out in part, in a helper", second + first + `
	// 1-3. All. UNMODELLED: Some of it.
	helper()
}

func helper() { t.unmodelled(spec.One, "2.2", "x") }
`, nil},
		{"left out in a helper", second + first + `
	// 1-2.2. Some.
	// UNMODELLED: 3. Why.
	helper()
}

func helper() { t.unmodelled(spec.One, "3", "x") }
`, []string{"a.go:15: no call of unmodelled says that step 3 is left out"}},
		{"left out in the trace only", second + first + `
	// 1-3. All.
	t.unmodelled(alg, "2", "x")
}
`, []string{`a.go:15: the trace leaves out step 2 of first algorithm, its comment does not say UNMODELLED`}},
		{"a wrong number in the trace", second + first + `
	const number = "2.3"

	// 1-3. All.
	t.step(alg, number, "x")
	t.fail(spec.Two, "1", "x")
	t.passed(spec.One, "2.1", "x", "", "")
	t.step(spec.One, f(), "")
	t.step(alg, "", "")
}
`, []string{
			`a.go:17: first algorithm has no step 2.3`,
			`a.go:18: second algorithm has no step 1`,
			`a.go:21: first algorithm has no step ""`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			consts := source{"spec.go", "package spec\n\nconst (\n\tOne = \"one\"\n\tTwo = \"two\"\n)\n"}
			c, err := newCoverage(algorithms, consts, []source{{"a.go", "package a\n" + test.code}})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.problems(); !slices.Equal(got, test.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestCoverageTable(t *testing.T) {
	algorithms := []spec.Algorithm{
		{ID: "one", Name: "first algorithm", Steps: strings.Fields("1 2 2.1 2.2 3 4 5")},
		{ID: "two", Name: "second algorithm"},
	}
	code := `package a

// first is.
//
// https://fetch.spec.whatwg.org/#one
func first() {
	// 1-2. Two.
	// UNMODELLED: 2.1, 4. No
	// need.
	// 2.2, 3. Some. UNMODELLED: The rest.
	// 5. Last.
	t.unmodelled(alg, f(), "")
}

// second is.
//
// https://fetch.spec.whatwg.org/#two
func second() {}
`
	c, err := newCoverage(algorithms, source{"spec.go", "package spec"}, []source{{"a.go", code}})
	if err != nil {
		t.Fatal(err)
	}
	if p := c.problems(); len(p) > 0 {
		t.Fatal(strings.Join(p, "\n"))
	}
	want := `
| [first algorithm](https://fetch.spec.whatwg.org/#one) | 1-2, 5 | 2.2-3 | 2.1, 4 |
| [second algorithm](https://fetch.spec.whatwg.org/#two) | all of it (no numbered steps) |  |  |

## Why steps are left out

### first algorithm

- 2.1, 4: No need.
- 2.2-3 (in part): The rest.
`
	if _, got, _ := strings.Cut(c.table(), "| --- | --- | --- | --- |"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for _, want := range []string{"Of the 7 steps of the 2 algorithms", "3 are in the code, 2 are there in part, and 2 are"} {
		if !strings.Contains(c.table(), want) {
			t.Errorf("the table does not say %q", want)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// table is docs/spec.md.
func (c *coverage) table() string {
	var rows, reasons strings.Builder
	steps, modelled, inPart := 0, 0, 0
	for _, a := range c.algorithms {
		var done, left, part []string
		for _, n := range a.Steps {
			switch claim := c.claims[a.ID][n]; {
			case !claim.modelled:
				left = append(left, n)
			case !claim.whole():
				part = append(part, n)
			default:
				done = append(done, n)
			}
		}
		steps += len(a.Steps)
		modelled += len(done)
		inPart += len(part)
		what := ranges(a.Steps, done)
		if len(a.Steps) == 0 {
			what = "all of it (no numbered steps)"
		}
		fmt.Fprintf(&rows, "| [%s](%s) | %s | %s | %s |\n", a.Name, spec.URL(a.ID), what, ranges(a.Steps, part), ranges(a.Steps, left))
		c.writeReasons(&reasons, a)
	}
	return fmt.Sprintf(`<!-- Generated by the test of cors/internal/spec: go test ./cors/internal/spec -update -->

# What the model has of the Fetch Standard

The browser half follows the [Fetch Standard at commit %.7s](https://github.com/whatwg/fetch/tree/%s): algorithm by
algorithm, step by step. Of the %d steps of the %d algorithms below, %d are in the code, %d are there in part, and %d are
left out, each for the reason given. What is left out where a fetch comes by is in its trace, so nobody takes it for
something that passed.

Numbers are the Standard's own. A range ends with the step it names, whether or not that step has steps of its own.

| algorithm | in the model | in part | left out |
| --- | --- | --- | --- |
%s
## Why steps are left out
%s`, spec.Commit, spec.Commit, steps, len(c.algorithms), modelled, inPart, steps-modelled-inPart, rows.String(), reasons.String())
}

// writeReasons writes a line for each comment of an algorithm that leaves something out.
func (c *coverage) writeReasons(b *strings.Builder, a spec.Algorithm) {
	heading := "\n### " + a.Name + "\n\n"
	for _, n := range a.Steps {
		claim := c.claims[a.ID][n]
		if claim.whole() {
			continue
		}
		together := slices.DeleteFunc(slices.Clone(a.Steps), func(n string) bool { return c.claims[a.ID][n].pos != claim.pos })
		if n != together[0] {
			continue
		}
		part := ""
		if claim.modelled {
			part = " (in part)"
		}
		fmt.Fprintf(b, "%s- %s%s: %s\n", heading, ranges(a.Steps, together), part, claim.reason)
		heading = ""
	}
}

// ranges writes a subset of a list of steps as the comments write it.
func ranges(all, subset []string) string {
	var list []string
	for i := 0; i < len(all); i++ {
		if !slices.Contains(subset, all[i]) {
			continue
		}
		first := i
		for i+1 < len(all) && slices.Contains(subset, all[i+1]) {
			i++
		}
		if first == i {
			list = append(list, all[i])
		} else {
			list = append(list, all[first]+"-"+all[i])
		}
	}
	return strings.Join(list, ", ")
}
