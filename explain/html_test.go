package explain_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

var update = flag.Bool("update", false, "rewrite the pages in testdata")

func htmlOf(t testing.TB, list []explain.Explanation, steps bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := explain.WriteHTML(&b, list, steps); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteHTMLGolden(t *testing.T) {
	list := run(t, fetch.Standard(), `{"page": "https://app.example", "request": {"url": "https://api.example/"}, "responses": [{"status": 200}]}`)
	// The style sheet is looked at, not compared.
	got := regexp.MustCompile(`(?s)sha256-[^;]*;|<style>.*</style>`).ReplaceAllString(htmlOf(t, list, false), "")
	file := filepath.Join("testdata", "page.html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Every failure that the model can come to has an article that names it and shows where the exchange stops, and so have the
// fetches of the corpus, a few of each kind.
func TestWriteHTMLEveryFailure(t *testing.T) {
	var list []explain.Explanation
	var ids []fetch.FailureID
	seen := map[string]int{}
	add := func(e explain.Explanation) {
		list = append(list, e)
		ids = append(ids, "")
		if f := e.Trace.Failure; f != nil {
			ids[len(ids)-1] = f.ID
		}
	}
	for _, scenario := range failing() {
		add(runOne(t, scenario))
	}
	for _, scenario := range engineOnly() {
		add(run(t, fetch.Chromium(), `{"page": "https://app.example", `+scenario+`}`)[0])
	}
	for _, c := range corpus.Cases() {
		traces, err := c.Run(fetch.Standard())
		if err != nil && !errors.Is(err, fetch.ErrNoResponse) {
			t.Fatal(err)
		}
		for _, trace := range traces {
			kind := string(trace.Outcome)
			if trace.Failure != nil {
				kind += " " + string(trace.Failure.ID)
			}
			if seen[kind]++; seen[kind] <= 3 {
				add(explain.Of(trace))
			}
		}
	}
	for _, id := range fetch.FailureIDs() {
		if !slices.Contains(ids, id) {
			t.Errorf("nothing fails with %s", id)
		}
	}
	text := htmlOf(t, list, true)
	parsePage(t, "the corpus", text)
	articles := strings.Split(text, "\n<article ")[1:]
	if len(articles) != len(list) {
		t.Fatalf("got %d articles, want %d", len(articles), len(list))
	}
	for i, id := range ids {
		want := 0
		if id != "" {
			want = 2 // one for each width of the page
		}
		if stops := strings.Count(articles[i], ` class="stop"`); stops != want || id != "" && !strings.Contains(articles[i], ">"+string(id)+"<") {
			t.Errorf("%q: got %d stops, want %d, and its name, in\n%s", id, stops, want, articles[i])
		}
	}
}

// Hostile text stays text, wherever it comes from.
func TestWriteHTMLEscapes(t *testing.T) {
	const attack = `</text></title></style></svg><script>alert(1)</script><img src=x onerror=alert(1)>\"'{{.}}`
	const hidden = `\u202e\u0000\u009b\u001b`
	list := run(t, fetch.Chromium(), `{"page": "https://app.example", "fetches": [
		{"request": {"url": "https://api.example/`+attack+`", "method": "`+attack+hidden+`"}},
		{"request": {"url": "`+attack+hidden+`", "mode": "`+attack+`"}},
		{"request": {"url": "https://:1/`+attack+hidden+`"}},
		{"request": {"url": "https://api.example/#`+attack+`", "method": "PUT", "headers": [["X-A", "`+attack+`\u009b"]]},
			"responses": [{"status": 200, "headers": [["Access-Control-Allow-Origin", "`+attack+`\u009b"], ["Server", "`+attack+`"], ["Set-Cookie", "`+attack+`"]]}]},
		{"request": {"url": "https://api.example/"}, "responses": [{"status": 302, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "javascript:`+attack+`"]]}]},
		{"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Expose-Headers", "`+attack+`"]]}]}
	]}`)
	text := htmlOf(t, list, true)
	page := parsePage(t, "hostile", text)
	for _, node := range page.elements {
		if node.Data == "a" && strings.Contains(attr(node, "href"), "script") {
			t.Errorf("got link %q", attr(node, "href"))
		}
	}
	if i := strings.IndexAny(text, "\u202e\x00\u009b\x1b"); i >= 0 {
		t.Errorf("got %.100q", text[i:])
	}
	if !strings.Contains(text, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("the attack is not shown")
	}
}

// A page on several fetches begins with a table of them.
func TestWriteHTMLContents(t *testing.T) {
	e := runOne(t, putScenario)
	for n, want := range map[int]int{0: 0, 1: 0, 2: 2, 3: 3} {
		text := htmlOf(t, slices.Repeat([]explain.Explanation{e}, n), false)
		page := parsePage(t, fmt.Sprint(n), text)
		links, articles := 0, 0
		for _, node := range page.elements {
			switch {
			case node.Data == "a" && strings.HasPrefix(attr(node, "href"), "#fetch-"):
				links++
			case node.Data == "article":
				articles++
			}
		}
		if links != want || articles != n {
			t.Errorf("got %d links and %d articles for %d fetches", links, articles, n)
		}
	}
}

// A failed write is an error.
func TestWriteHTMLError(t *testing.T) {
	want := errors.New("the disk is full")
	e := runOne(t, putScenario)
	for n := range 4 {
		if err := explain.WriteHTML(&fullDisk{n, want}, []explain.Explanation{e}, false); !errors.Is(err, want) {
			t.Errorf("got %v after %d writes", err, n)
		}
	}
}

// fullDisk takes a number of writes.
type fullDisk struct {
	room int
	err  error
}

func (w *fullDisk) Write(p []byte) (int, error) {
	if w.room--; w.room < 0 {
		return 0, w.err
	}
	return len(p), nil
}
