package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// The exit codes.
const (
	exitBlocked     = 1   // a page is refused, or findings
	exitUsage       = 2   // wrong usage, or input that cannot be read
	exitFailed      = 3   // the work could not be done
	exitInterrupted = 130 // by a signal
)

// An exitError ends the program with a code. Without an error in it nothing is printed: the answer says it all.
type exitError struct {
	code int
	err  error
	hint string
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage is an error of whoever called, with what to do about it.
func usage(hint, format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...), hint: hint}
}

// exitCode prints an error, if there is one, and returns its code. An error without a code is one of usage: it comes
// from the flags.
func exitCode(w io.Writer, err error) int {
	if err == nil {
		return 0
	}
	e, ok := errors.AsType[*exitError](err)
	if !ok {
		e = &exitError{code: exitUsage, err: err, hint: "concors --help"}
	}
	if e.err != nil {
		fmt.Fprintf(w, "concors: %v\n", e.err)
	}
	if e.hint != "" {
		fmt.Fprintf(w, "concors: hint: %s\n", e.hint)
	}
	return e.code
}

// exitWhenInterrupted ends the program at once when it is interrupted: no command so far has anything to tidy up.
func exitWhenInterrupted() {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	go func() {
		<-interrupted
		os.Exit(exitInterrupted)
	}()
}
