package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

func finding(line, column int) report.Finding {
	return report.Finding{
		Rule: "unknown-key", Severity: report.Error, Message: `unknown key "orgins"`, Fix: "write origins",
		File: "concors.yaml", Line: line, Column: column, Reference: "https://docs.example",
	}
}

func text(t *testing.T, file string, width int, list ...report.Finding) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteText(&b, list, report.Files{"concors.yaml": []byte(file)}, report.Layout{Width: width}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteText(t *testing.T) {
	for _, row := range []struct {
		name, file string
		finding    report.Finding
		want       string
	}{
		{"a place", "a: b\n  orgins: x\n", finding(2, 3), "" +
			"concors.yaml:2:3: error: unknown key \"orgins\" (unknown-key)\n" +
			"  2 |   orgins: x\n" +
			"    |   ^\n" +
			"  fix   write origins\n"},
		{"behind wide characters and a tab", "漢\té: x", finding(1, 3), "" +
			"concors.yaml:1:3: error: unknown key \"orgins\" (unknown-key)\n" +
			"  1 | 漢 é: x\n" +
			"    |    ^\n" +
			"  fix   write origins\n"},
		{"behind the end", "ab\r\n", finding(1, 3), "" +
			"concors.yaml:1:3: error: unknown key \"orgins\" (unknown-key)\n" +
			"  1 | ab\n" +
			"    |   ^\n" +
			"  fix   write origins\n"},
		{"no such line", "ab", finding(7, 1), "" +
			"concors.yaml:7:1: error: unknown key \"orgins\" (unknown-key)\n" +
			"  fix   write origins\n"},
		{"no column", "ab", finding(1, 0), "" +
			"concors.yaml:1: error: unknown key \"orgins\" (unknown-key)\n" +
			"  1 | ab\n" +
			"  fix   write origins\n"},
		{"no file", "ab", report.Finding{Rule: "x", Severity: report.Info, Message: "m", Fix: "f"}, "info: m (x)\n  fix   f\n"},
		{"hostile bytes", "\x1b[2J: \xff\u202e", finding(1, 2), "" +
			"concors.yaml:1:2: error: unknown key \"orgins\" (unknown-key)\n" +
			"  1 | \\x1b[2J: \uFFFD\\u202e\n" +
			"    |     ^\n" +
			"  fix   write origins\n"},
		{"a secret", "Authorization: Bearer t, x: y", finding(1, 26), "" +
			"concors.yaml:1:26: error: unknown key \"orgins\" (unknown-key)\n" +
			"  1 | Authorization: ********, x: y\n" +
			"    |                          ^\n" +
			"  fix   write origins\n"},
		{"a line that holds a secret", "alice: hunter2", report.Finding{Rule: "x", Severity: report.Error, Message: "m", Fix: "f", File: "concors.yaml", Line: 1, Column: 8, Secret: true}, "" +
			"concors.yaml:1:8: error: m (x)\n" +
			"  fix   f\n"},
		{"a long line", strings.Repeat("a", 100) + "b" + strings.Repeat("c", 100), finding(1, 101), "" +
			"concors.yaml:1:101: error: unknown key\n" +
			"  \"orgins\" (unknown-key)\n" +
			"  1 | ...aaaaaaaabccccccccccccccccccc...\n" +
			"    |            ^\n" +
			"  fix   write origins\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			width := 100
			if row.name == "a long line" {
				width = 40
			}
			if got := text(t, row.file, width, row.finding); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

// Whatever the line and the column, the caret is below the column's character and no line is too wide.
func TestExcerptFits(t *testing.T) {
	for _, line := range []string{strings.Repeat("ab ", 60) + "end", strings.Repeat("漢字", 60), strings.Repeat("\x1b", 50), "short"} {
		for column := 1; column <= utf8.RuneCountInString(line)+1; column += 7 {
			for _, width := range []int{40, 77, 120} {
				for _, out := range strings.Split(text(t, line, width, finding(1, column)), "\n") {
					if term.Columns(out) > width {
						t.Errorf("column %d: %d columns, want at most %d: %q", column, term.Columns(out), width, out)
					}
				}
			}
		}
	}
}

func TestColour(t *testing.T) {
	var b bytes.Buffer
	if err := report.WriteText(&b, []report.Finding{finding(1, 1)}, nil, report.Layout{Styles: term.NewStyles(true), Width: 80}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\x1b[") || !strings.Contains(b.String(), "error") {
		t.Errorf("got %q, want it styled", b.String())
	}
}

func TestJSON(t *testing.T) {
	for _, row := range []struct {
		name    string
		finding report.Finding
		want    string
	}{
		{"a place", finding(2, 3), `{"rule":"unknown-key","severity":"error","message":"unknown key \"orgins\"","fix":"write origins","file":"concors.yaml","line":2,"column":3,"reference":"https://docs.example"}`},
		{"no file", report.Finding{Rule: "x", Severity: report.Warning}, `{"rule":"x","severity":"warning","message":"","fix":"","reference":""}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := json.Marshal(row.finding)
			if err != nil || string(got) != row.want {
				t.Errorf("got %s, %v, want %s", got, err, row.want)
			}
		})
	}
}

func TestSeverity(t *testing.T) {
	list := []report.Finding{{Severity: report.Warning}, {Severity: report.Info}, {Severity: report.Info}}
	for s, want := range map[report.Severity]bool{report.Error: false, report.Warning: true, report.Info: true} {
		if got := report.Any(list, s); got != want {
			t.Errorf("%s: got %t, want %t", s, got, want)
		}
	}
	if got := report.Count(append(list, report.Finding{Severity: report.Error}, report.Finding{Severity: report.Error})); got != "2 errors, 1 warning, 2 info" {
		t.Errorf("got %q", got)
	}
	if got := report.Count(nil); got != "" {
		t.Errorf("got %q for none", got)
	}
}

func TestSort(t *testing.T) {
	list := []report.Finding{finding(2, 1), finding(1, 5), finding(1, 2), {Rule: "no file"}}
	report.Sort(list)
	got := ""
	for _, f := range list {
		got += fmt.Sprintf("%d:%d ", f.Line, f.Column)
	}
	if got != "0:0 1:2 1:5 2:1 " {
		t.Errorf("got %s", got)
	}
}
