package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestWriteAllOrNothing: what was replaced before a file could not be placed is put back.
func TestWriteAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err.Error()
		}
		return string(text)
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := writeAll(dir, map[string]string{"a": "new", "b": "new"}, func(string, []byte) error { return nil }); err != nil || read("a") != "new" || read("b") != "new" {
		t.Fatalf("got %v, %q and %q, want two new files", err, read("a"), read("b"))
	}
	if err := root.Mkdir(stagingName, 0o700); err != nil {
		t.Fatal(err)
	}
	s := staging{root: root}
	for i, name := range []string{"a", "d/e"} {
		if err := s.stage(i, name, "newer"); err != nil {
			t.Fatal(err)
		}
		if err := s.place(i, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.place(2, "b"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v for a file that was not made ready", err)
	}
	if err := s.undo(); err != nil {
		t.Fatal(err)
	}
	if read("a") != "new" || read("b") != "new" {
		t.Errorf("got %q and %q, want what was there before", read("a"), read("b"))
	}
	if _, err := os.Stat(filepath.Join(dir, "d", "e")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want a new file gone again", err)
	}
}

// TestWriteAllStaysInside: no name and no link leads out of the folder.
func TestWriteAllStaysInside(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"../x", "link/x", "/x"} {
		if err := writeAll(dir, map[string]string{name: "x"}, func(string, []byte) error { return nil }); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if list, err := os.ReadDir(outside); err != nil || len(list) > 0 {
		t.Errorf("got %v, %v outside, want nothing", list, err)
	}
}
