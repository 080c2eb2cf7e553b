package engine_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/engine"
)

func TestArguments(t *testing.T) {
	caddy := engine.All()[0]
	for _, row := range []struct {
		name string
		task engine.Task
		want string
	}{
		{"a file", engine.Task{File: "concors.yaml"}, "serve --config concors.yaml"},
		{"a file whose name looks like a flag", engine.Task{File: "--help"}, "serve --config --help"},
		{"everything", engine.Task{File: "-", Env: "dev", Listen: []string{":80", "[::1]:81"}, PrintConfig: true},
			"serve --config - --env dev --listen :80 --listen [::1]:81 --print-config"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := strings.Join(caddy.Arguments(row.task), " "); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

// The program on PATH is found, and a file of its name in the working directory is not taken for it.
func TestFind(t *testing.T) {
	caddy := engine.All()[0]
	name := caddy.Program
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	dir := t.TempDir()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if got, err := caddy.Find(); err != nil || got != file {
		t.Errorf("got %q, %v, want %q", got, err, file)
	}
	t.Chdir(dir)
	for _, path := range []string{".", ""} {
		t.Setenv("PATH", path)
		if got, err := caddy.Find(); err == nil || !strings.Contains(err.Error(), "neither beside") {
			t.Errorf("PATH=%s: got %q, %v, want that there is none", path, got, err)
		}
	}
}

// Names are how an engine is chosen, so they differ; and each can be had.
func TestAll(t *testing.T) {
	var names []string
	for _, e := range engine.All() {
		if slices.Contains(names, e.Name) || e.Name == "" || len(e.Get) == 0 {
			t.Errorf("got %q with %d ways to get it, want a name of its own and a way", e.Name, len(e.Get))
		}
		names = append(names, e.Name)
	}
}
