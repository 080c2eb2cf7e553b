// Command concors shows, proves and fixes what browsers do with cross-origin requests.
package main

import (
	"io"
	"log"
	"os"
)

func main() {
	log.SetOutput(io.Discard) // net/http would tell there what a server sends unasked
	signals := exitWhenInterrupted()
	os.Exit(run(os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, interrupts: signals}))
}

// streams is what a command reads, writes, looks up and is ended by.
type streams struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	*interrupts
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
