package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
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

// interrupts are what becomes of a signal that ends the program: at once, by exit code, as long as no command has
// anything to tidy up; for one that serves, by the end of its context, and then it exits 0.
type interrupts struct{ atOnce chan os.Signal }

// exitWhenInterrupted ends the program at once when it is interrupted.
func exitWhenInterrupted() *interrupts {
	i := &interrupts{make(chan os.Signal, 1)}
	signal.Notify(i.atOnce, os.Interrupt)
	go func() {
		<-i.atOnce
		os.Exit(exitInterrupted)
	}()
	return i
}

// untilInterrupted returns a context that ends with the first signal, for a command that serves. The next signal ends the
// program by itself.
func (i *interrupts) untilInterrupted(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	signal.Stop(i.atOnce)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
