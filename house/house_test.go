package house

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A rule looks for what it forbids. Its name is also the name of its bad tree in testdata.
type rule struct {
	name  string
	check func(*tree, *problems)
}

func rules() []rule {
	return []rule{
		{"absolute-paths", absolutePaths},
		{"exported-docs", exportedDocs},
		{"file-names", fileNames},
		{"file-size", fileSize},
		{"import-order", importOrder},
		{"library-imports", libraryImports},
		{"license", license},
		{"no-init", noInit},
		{"no-replace", noReplace},
		{"package-docs", packageDocs},
		{"package-state", packageState},
		{"purity", purity},
		{"requirement-reasons", requirementReasons},
		{"tags", tags},
	}
}

// problems collects what rules find.
type problems []string

func (p *problems) add(path string, line int, format string, args ...any) {
	*p = append(*p, fmt.Sprintf("%s:%d: %s", path, line, fmt.Sprintf(format, args...)))
}

func TestRepository(t *testing.T) {
	root := repositoryRoot(t)
	repository, err := load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	repository.root = root
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			var found problems
			r.check(repository, &found)
			for _, p := range found {
				t.Error(p)
			}
		})
	}
}

func TestRulesFindWhatTheyForbid(t *testing.T) {
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			archive, err := os.ReadFile(filepath.Join("testdata", r.name+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			want, files := parseArchive(string(archive))
			if len(want) == 0 {
				t.Fatal("the bad tree names no problem")
			}
			bad, err := load(files)
			if err != nil {
				t.Fatal(err)
			}
			bad.root = "/srv/checkout"
			var got problems
			r.check(bad, &got)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func TestEveryBadTreeHasARule(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".txt")
		if !slices.ContainsFunc(rules(), func(r rule) bool { return r.name == name }) {
			t.Errorf("testdata/%s belongs to no rule", e.Name())
		}
	}
}

// repositoryRoot is the nearest directory above with a go.work. Outside a checkout there is none, and nothing to hold to
// the rules.
func repositoryRoot(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Skip("not in a checkout: no go.work above")
		}
		dir = parent
	}
}

// parseArchive reads the wanted problems, one a line, and after them the files, each under a "-- path --" line.
func parseArchive(s string) (want []string, files fstest.MapFS) {
	files = fstest.MapFS{}
	var current *fstest.MapFile
	for line := range strings.Lines(s) {
		name, isFile := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		name, closed := strings.CutSuffix(name, " --")
		switch {
		case isFile && closed:
			current = &fstest.MapFile{}
			files[name] = current
		case current != nil:
			current.Data = append(current.Data, line...)
		case strings.TrimSpace(line) != "":
			want = append(want, strings.TrimSpace(line))
		}
	}
	return want, files
}
