package figures_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/concors/concors/bench/internal/figures"
)

func TestWriteInto(t *testing.T) {
	path := filepath.Join(t.TempDir(), "performance.md")
	const text = "a\n<!-- one -->\nold\n<!-- end -->\nb\n<!-- two -->\nkept\n<!-- end -->\nc\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var r figures.Report
	r.Table("what", "how many")
	r.Row("x", "1")
	if err := r.WriteInto(path, "<!-- one -->", "<!-- end -->"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	want := "a\n<!-- one -->\n\n| what | how many |\n| --- | ---: |\n| x | 1 |\n\n<!-- end -->\nb\n<!-- two -->\nkept\n<!-- end -->\nc\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if err := r.WriteInto(path, "<!-- three -->", "<!-- end -->"); err == nil {
		t.Error("got no error for a line that is not there")
	}
}

func TestMedian(t *testing.T) {
	for _, row := range []struct {
		name string
		list []float64
		want float64
	}{
		{"one", []float64{3}, 3},
		{"odd", []float64{9, 1, 3}, 3},
		{"even", []float64{9, 1, 3, 5}, 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := figures.Median(row.list); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}
