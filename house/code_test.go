package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestShownCode holds the Go code in docs/middleware.md to the examples of the library, which are compiled and run: each
// block stands there, line for line.
func TestShownCode(t *testing.T) {
	root := repositoryRoot(t)
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	shown, missing := missingCode(read("docs/middleware.md"), read("cors/example_test.go"))
	if shown == 0 {
		t.Error("docs/middleware.md shows no code")
	}
	for _, block := range missing {
		t.Errorf("docs/middleware.md shows code that is not in cors/example_test.go:\n%s", block)
	}
}

func TestMissingCode(t *testing.T) {
	const fence = "```"
	text := fence + "go\nif a {\n\tb()\n}\n" + fence + "\nand\n" + fence + "go\nc()\n" + fence + "\n" + fence + "sh\nls\n" + fence + "\n"
	source := "func F() {\n\tif a {\n\t\tb()\n\t}\n\tcc()\n}\n"
	shown, missing := missingCode(text, source)
	if shown != 2 || len(missing) != 1 || missing[0] != "c()\n" {
		t.Errorf("got %d shown, missing %q, want 2, and c()", shown, missing)
	}
}

// missingCode counts the Go blocks of a text, and returns those whose lines do not follow each other in the source. Indentation
// does not count.
func missingCode(text, source string) (shown int, missing []string) {
	const fence = "```"
	source = "\n" + flush(source)
	for {
		_, rest, ok := strings.Cut(text, fence+"go\n")
		if !ok {
			return shown, missing
		}
		block, after, _ := strings.Cut(rest, fence)
		shown++
		if !strings.Contains(source, "\n"+flush(block)) {
			missing = append(missing, block)
		}
		text = after
	}
}

// flush moves each line to the left margin.
func flush(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSpace(line) + "\n")
	}
	return b.String()
}
