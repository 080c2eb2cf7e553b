package policyfile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// FuzzLoad: whatever the bytes, nothing panics; a file that is refused has an error, one that is not has none; every finding has its
// place in the file and can be printed; and with a good file everything that is done with files can be done.
func FuzzLoad(f *testing.F) {
	paths, err := filepath.Glob("testdata/valid/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".yaml") {
				f.Add(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 10_000 {
			return // bounds have a test of their own
		}
		c, file := policyfile.Check("concors.yaml", data, policyfile.Options{LookupEnv: env})
		if c.Valid != (file != nil) {
			t.Fatalf("valid is %t with file %v", c.Valid, file)
		}
		rows := bytes.Split(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), []byte("\n"))
		failed := false
		for _, finding := range c.Findings {
			failed = failed || finding.Severity == report.Error && finding.Rule != "test-failed"
			if finding.Rule == "too-many" {
				continue
			}
			if finding.Message == "" || finding.Fix == "" || finding.Reference == "" || finding.Line < 1 || finding.Line > len(rows) || finding.Column < 1 {
				t.Fatalf("got %+v", finding)
			}
			if most := utf8.RuneCount(rows[finding.Line-1]) + 2; finding.Column > most {
				t.Fatalf("got %+v, and the line has %d characters", finding, most)
			}
		}
		if failed == c.Valid {
			t.Fatalf("valid is %t, with findings %+v", c.Valid, c.Findings)
		}
		var text bytes.Buffer
		if err := c.WriteText(&text, report.Layout{Width: 80}); err != nil {
			t.Fatal(err)
		}
		if i := bytes.IndexFunc(text.Bytes(), func(c rune) bool { return c != '\n' && (c < ' ' || 0x7F <= c && c < 0xA0) }); i >= 0 {
			t.Fatalf("got %q in %q", text.Bytes()[i], text.Bytes())
		}
		if file == nil {
			return
		}
		if d := policyfile.Diff(file, file); len(d.Changes) > 0 {
			t.Fatalf("a file differs from itself: %+v", d.Changes)
		}
		if err := policyfile.WriteMatrix(&text, file.Matrix(), report.Layout{Width: 60}); err != nil {
			t.Fatal(err)
		}
	})
}
