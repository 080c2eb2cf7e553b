package house

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the output of commands in README.md")

// TestShownOutput runs the commands that README.md shows and compares what they print. A shown command stands in a code
// block after the mark <!-- output --> or, cut, <!-- first 24 lines of output -->.
func TestShownOutput(t *testing.T) {
	root := repositoryRoot(t)
	program := filepath.Join(t.TempDir(), "concors")
	build := exec.Command("go", "build", "-o", program, "./cmd/concors")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	readme := filepath.Join(root, "README.md")
	old, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	current, shown, err := withOutput(string(old), func(args ...string) (string, error) {
		cmd := exec.Command(program, args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TERM=xterm") // pictures are drawn for these
		out, err := cmd.Output()
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 {
			err = nil // blocked, and that is what it shows
		}
		return string(out), err
	})
	switch {
	case err != nil:
		t.Fatal(err)
	case shown == 0:
		t.Error("README.md shows no command")
	case current == string(old):
	case *update:
		if err := os.WriteFile(readme, []byte(current), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("README.md does not show what the commands print: make generate. It should be:\n%s", current)
	}
}

func TestWithOutput(t *testing.T) {
	const fence = "```"
	text := "a\n\n<!-- output -->\n" + fence + "console\n$ concors explain x\nold\n" + fence + "\n\n" + fence + "\n$ concors other\n" + fence + "\n"
	got, shown, err := withOutput(text, func(args ...string) (string, error) { return "new " + strings.Join(args, "+") + "\n", nil })
	want := strings.Replace(text, "old\n", "new explain+x\n", 1)
	if got != want || shown != 1 || err != nil {
		t.Errorf("got %q, %d, %v, want %q, 1", got, shown, err, want)
	}
	cut := strings.Replace(text, "<!-- output", "<!-- first 1 lines of output", 1)
	got, _, err = withOutput(cut, func(...string) (string, error) { return "one\ntwo\nthree\n", nil })
	if want := strings.Replace(cut, "old\n", "one\n...\n", 1); got != want || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if _, _, err := withOutput(text, func(...string) (string, error) { return "", errors.New("it") }); err == nil {
		t.Error("a command that fails is no error")
	}
}

// withOutput replaces what the marked blocks show by what run returns, cut after as many lines as the mark has; it also returns
// how many blocks there are.
func withOutput(text string, run func(args ...string) (string, error)) (current string, shown int, err error) {
	block := regexp.MustCompile("(?s)(<!-- (?:first (\\d+) lines of )?output -->\n```console\n\\$ concors ([^\n]*)\n)(.*?)(```\n)")
	current = block.ReplaceAllStringFunc(text, func(s string) string {
		m := block.FindStringSubmatch(s)
		shown++
		out, failure := run(strings.Fields(m[3])...)
		if failure != nil {
			err = errors.Join(err, fmt.Errorf("concors %s: %w", m[3], failure))
		}
		lines := strings.SplitAfter(out, "\n")
		if most, _ := strconv.Atoi(m[2]); m[2] != "" && most < len(lines)-1 {
			out = strings.Join(lines[:most], "") + "...\n"
		}
		return m[1] + out + m[5]
	})
	return current, shown, err
}
