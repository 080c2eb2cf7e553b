package stacks_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/internal/javascript/syntax"
)

// TestSources reads the packages that the servers are made of, as far as people write such files: the parser of JavaScript and
// TypeScript takes every one.
func TestSources(t *testing.T) {
	const (
		longest = 256 << 10 // what is longer was written by a bundler
		enough  = 4000
	)
	server.Require(t, server.Express) // whose packages are among them
	root, err := filepath.EvalSymlinks(filepath.Join("..", "server", "testdata", "npm", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		dialect, ok := syntax.DialectOf(name)
		if !ok || !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil || len(text) > longest {
			return err
		}
		if read++; read > enough {
			return fs.SkipAll
		}
		if _, err := syntax.Parse(string(text), dialect); err != nil {
			line, column := syntax.NewLines(string(text)).Position(err.(*syntax.Error).Offset)
			t.Errorf("%s:%d:%d: %v", name, line, column, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 100 {
		t.Errorf("got %d files, want many", read)
	}
}
