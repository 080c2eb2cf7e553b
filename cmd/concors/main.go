// Command concors shows, proves and fixes what browsers do with cross-origin requests.
package main

import (
	"io"
	"os"
)

func main() {
	exitWhenInterrupted()
	os.Exit(run(os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv}))
}

// streams is what a command reads, writes and looks up.
type streams struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
}

// run runs one command line and returns its exit code.
func run(args []string, s streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	return exitCode(s.err, root.Execute())
}
