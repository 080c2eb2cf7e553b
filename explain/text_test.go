package explain_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// The layout holds at any width: no line is wider, unless it is a word that cannot be broken, and no line has a control.
func TestWriteTextWidths(t *testing.T) {
	var list []explain.Explanation
	for _, scenario := range failing() {
		list = append(list, runOne(t, scenario))
	}
	list = append(list, runOne(t, `"request": {"url": "https://api.example/`+strings.Repeat("a", 300)+`"}, "responses": [
		{"status": 200, "headers": [["Access-Control-Allow-Origin", "`+strings.Repeat("é", 3000)+`\u001b\u009b"], ["X-A", "1"]]}]`))
	list = append(list, runOne(t, `"request": {"url": "https://:1/\u001b\u202e"}`))
	for _, width := range []int{-1, 0, 40, 41, 60, 79, 100, 120} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			var b bytes.Buffer
			if err := explain.WriteText(&b, list, explain.Layout{Width: width, Steps: true}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimSuffix(line, "\n")
				if n := utf8.RuneCountInString(line); n > max(width, 40) && !strings.Contains(line, "://") {
					t.Errorf("%d columns: %s", n, line)
				}
				if strings.ContainsAny(line, "\x1b\r\t\u009b\u202e") || line != strings.TrimRight(line, " ") {
					t.Errorf("got line %q", line)
				}
			}
		})
	}
}

func TestWriteTextUnused(t *testing.T) {
	list := run(t, fetch.Standard(), `{"page": "https://app.example", "request": {"url": "/"}, "responses": [{"status": 200}, {"status": 200}, {"status": 200}]}`)
	var b bytes.Buffer
	if err := explain.WriteText(&b, list, explain.Layout{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if want := "  note  2 recorded responses were not asked for.\n"; !strings.HasSuffix(b.String(), want) {
		t.Errorf("got %q, want it to end in %q", b.String(), want)
	}
}
