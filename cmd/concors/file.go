package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all: it takes the place of what was there only once it is complete. What is no
// regular file (a device, a pipe) is written to.
func writeFile(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target // a link stays one
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(name, b.Bytes(), 0o666)
	}
	return replaceFile(name, b.Bytes())
}

// replaceFile writes a file beside the one that it then takes the place of.
func replaceFile(name string, data []byte) error {
	beside, err := os.MkdirTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(beside)
	// A file in a new directory, not one from CreateTemp, has the permissions that a new file has here.
	file := filepath.Join(beside, filepath.Base(name))
	if err := os.WriteFile(file, data, 0o666); err != nil {
		return err
	}
	return os.Rename(file, name)
}
