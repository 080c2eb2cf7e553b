package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// stagingName is the folder, in the one that files are written to, in which they are made ready.
const stagingName = ".concors-generate"

// writeAll writes files into a folder: all of them, or none. Names have slashes. What is there already is shown to may, which
// returns an error to keep it. No link leads out of the folder.
func writeAll(dir string, texts map[string]string, may func(name string, there []byte) error) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	names := slices.Sorted(maps.Keys(texts))
	for _, name := range names {
		there, err := root.ReadFile(filepath.FromSlash(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = may(name, there)
		}
		if err != nil {
			return err
		}
	}
	// Mkdir, not MkdirAll: two commands at once must not share it.
	if err := root.Mkdir(stagingName, 0o700); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there: another command writes, or one was interrupted; remove it", filepath.Join(dir, stagingName))
		}
		return err
	}
	defer root.RemoveAll(stagingName)
	s := staging{root: root}
	for i, name := range names {
		if err := s.stage(i, name, texts[name]); err != nil {
			return err
		}
	}
	for i, name := range names {
		if err := s.place(i, name); err != nil {
			return errors.Join(err, s.undo())
		}
	}
	return nil
}

// staging is a folder with the new files, and with those that they took the place of.
type staging struct {
	root   *os.Root
	placed []placedFile
}

type placedFile struct {
	name, old string // old is where the previous file is, empty for none
}

func (s *staging) stage(i int, name, text string) error {
	if err := s.root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o777); err != nil {
		return err
	}
	return s.root.WriteFile(fmt.Sprintf("%s/new-%d", stagingName, i), []byte(text), 0o666)
}

func (s *staging) place(i int, name string) error {
	p := placedFile{name: filepath.FromSlash(name)}
	old := fmt.Sprintf("%s/old-%d", stagingName, i)
	switch err := s.root.Rename(p.name, old); {
	case err == nil:
		p.old = old
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	s.placed = append(s.placed, p)
	return s.root.Rename(fmt.Sprintf("%s/new-%d", stagingName, i), p.name)
}

// undo puts everything back as it was.
func (s *staging) undo() error {
	var errs error
	for _, p := range slices.Backward(s.placed) {
		if p.old != "" {
			errs = errors.Join(errs, s.root.Rename(p.old, p.name))
		} else if err := s.root.Remove(p.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}
