package spelling_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/internal/spelling"
)

func TestNearest(t *testing.T) {
	known := []string{"origins", "methods", "request_headers", "ok"}
	for _, row := range []struct{ name, word, want string }{
		{"two letters swapped", "orgiins", "origins"},
		{"a letter is missing", "orgins", "origins"},
		{"a letter too many", "methodss", "methods"},
		{"the case", "Origins", "origins"},
		{"two places", "reqest_header", "request_headers"},
		{"too far", "headers", ""},
		{"all of a short word", "xy", ""},
		{"nothing", "", ""},
		{"endless", strings.Repeat("origins", 100), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := spelling.Nearest(row.word, known); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
