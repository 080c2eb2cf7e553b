// Package serve serves a policy file: it runs Caddy with what package config makes of the file, and changes it while it runs
// when the file changes.
package serve

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/concors/concors/gateway/config"
	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// The exit codes, as those of concors.
const (
	exitUsage  = 2
	exitFailed = 3
)

// gcPercent is how much memory may be allocated before the garbage of the last time is collected, in percent of what is in
// use. A gateway has little in use and makes much garbage, so Go's own 100 collects all the time.
const gcPercent = 400

// Options say what is served, and how.
type Options struct {
	File        string   // the policy file; - is standard input, which is read once
	Env         string   // the environment of the file, empty for none
	Listen      []string // in the place of the addresses that the file has; nil for those
	PrintConfig bool     // print the configuration of Caddy, without secrets, and do not serve

	In       io.Reader
	Out, Err io.Writer
}

// Run serves a policy file until a signal ends it, and returns the exit code when it cannot. What a signal ends exits by
// itself: 0 when the requests in flight are done. It may be called once in a program.
func Run(o Options) int {
	s := &server{Options: o, claimed: map[string]string{}}
	for _, address := range o.Listen {
		if !isAddress(address) {
			return s.fail(exitUsage, fmt.Errorf("invalid --listen %q: want host and port, such as 127.0.0.1:8080", address), "")
		}
	}
	text, err := s.read()
	if err != nil {
		return s.fail(exitUsage, err, "-c names the policy file")
	}
	next, problem := s.prepare(text)
	if problem != "" {
		return s.fail(exitUsage, fmt.Errorf("%s: %s", s.name(), problem), "concors check -c "+o.File)
	}
	if o.PrintConfig {
		return s.print(next)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	caddy.TrapSignals()
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	w := newWatch(s.watched(next))
	if err := s.claim(next); err != nil {
		return s.fail(exitFailed, err, "")
	}
	if err := caddy.Load(next.config, true); err != nil {
		return s.fail(exitFailed, err, "")
	}
	s.now = next
	debug.FreeOSMemory() // what reading a large file needed, it needs no more
	for _, address := range next.listen {
		fmt.Fprintf(s.Err, "concors: listening on %s\n", urlOf(address, next.file.Gateway.TLS != nil))
	}
	s.follow(w, hangup)
	return 0
}

// server is what runs.
type server struct {
	Options
	now     *served
	claimed map[string]string // the addresses that were free when they were first wanted, with their ports
}

// served is a policy file as it is served.
type served struct {
	text   []byte
	file   *policyfile.File
	config []byte
	listen []string
	reads  [sha256.Size]byte // of the other files that it depends on
}

func (s *server) fail(code int, err error, hint string) int {
	fmt.Fprintf(s.Err, "concors: %v\n", err)
	if hint != "" {
		fmt.Fprintf(s.Err, "concors: hint: %s\n", hint)
	}
	return code
}

// name is what findings call the file.
func (s *server) name() string {
	if s.File == "-" {
		return "standard input"
	}
	return s.File
}

// read reads the file; no more of it than shows that it is too large.
func (s *server) read() ([]byte, error) {
	r := s.In
	if s.File != "-" {
		file, err := os.Open(s.File)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		r = file
	}
	text, err := io.ReadAll(io.LimitReader(r, policyfile.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.name(), err)
	}
	return text, nil
}

// prepare makes a configuration of what the file has. When something is wrong with it, it prints the findings that check
// prints, and counts them.
func (s *server) prepare(text []byte) (next *served, problem string) {
	file, findings := policyfile.Load(s.name(), text, policyfile.Options{Env: s.Env, LookupEnv: os.LookupEnv})
	next = &served{text: text, file: file}
	if file != nil {
		next.config, findings = config.JSON(file, config.Options{Listen: s.Listen})
	}
	if next.config != nil {
		next.reads = digest(config.Reads(file))
		return next, ""
	}
	layout := report.Layout{
		Styles: term.NewStyles(term.Colour(s.Err, term.Auto, os.Getenv)),
		Width:  term.Width(s.Err),
	}
	if err := report.WriteText(s.Err, findings, report.Files{s.name(): text}, layout); err != nil {
		return nil, err.Error()
	}
	return nil, report.Count(findings)
}

// digest is one of the contents of files. What is wrong with one is not told here: Caddy reads them too.
func digest(names []string) [sha256.Size]byte {
	const most = 1 << 20
	sum := sha256.New()
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			fmt.Fprintln(sum, err)
			continue
		}
		n, err := io.Copy(sum, io.LimitReader(file, most))
		fmt.Fprintln(sum, n, err)
		file.Close()
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

func (s *server) print(next *served) int {
	text, _ := config.JSON(next.file, config.Options{Listen: s.Listen, Mask: true})
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		return s.fail(exitFailed, err, "")
	}
	encoder := json.NewEncoder(s.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(whole); err != nil {
		return s.fail(exitFailed, fmt.Errorf("write the answer: %w", err), "")
	}
	return 0
}

// follow serves what the file becomes, for ever: a signal ends the program.
func (s *server) follow(w *watch, hangup <-chan os.Signal) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-hangup:
		case <-ticker.C:
			if !w.changed() {
				continue
			}
		}
		if s.reload() {
			w.files = s.watched(s.now)
		}
	}
}

// watched are the files that what is served depends on.
func (s *server) watched(of *served) []string {
	list := config.Reads(of.file)
	if s.File != "-" {
		list = append(list, s.File)
	}
	return list
}
