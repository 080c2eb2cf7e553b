package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
)

const explainHelp = `concors explain tells what a browser does with a request, why, and what to change.

Usage: concors explain --scenario FILE [options]
       concors explain --list
       concors explain --about ID

Examples:
  concors explain --scenario exchange.json
  concors explain --scenario exchange.json --browser firefox
  generate-it | concors explain --scenario - --json
  concors explain --about allow-origin-missing

Options:
  --scenario FILE   recorded exchanges, in the JSON that docs/json.md describes; - is standard input
  --browser NAME    standard (default), chromium, firefox or webkit
  --steps           list the steps of the Fetch Standard that were taken
  --show-secrets    do not mask cookies, Authorization and what looks like a token
  --list            list everything that can be found
  --about ID        explain one failure or warning
  --json            answer in JSON
  --html FILE       write the answer as a page too; - is standard output, in place of the text
  --color WHEN      auto, always or never

Nothing is sent over a network. Exit codes: 0 when every outcome is allowed, opaque or unsent; 1 when one is blocked,
prompt or invalid; 2 for input that cannot be read, or that lacks a response that the browser asks for.
`

// explainFlags are the flags of explain.
type explainFlags struct {
	scenario, browser, about, html string
	list, json, steps, showSecrets bool
}

func newExplain(o *output) *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use: "explain", Short: "what a browser does with a request, why, and what to change", Long: explainHelp,
		Args: noOperands,
		RunE: func(*cobra.Command, []string) error { return f.run(o) },
	}
	cmd.Flags().StringVar(&f.scenario, "scenario", "", "recorded exchanges; - is standard input")
	cmd.Flags().StringVar(&f.browser, "browser", fetch.Standard().Name, "standard, chromium, firefox or webkit")
	cmd.Flags().StringVar(&f.about, "about", "", "explain one failure or warning")
	cmd.Flags().BoolVar(&f.list, "list", false, "list everything that can be found")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	cmd.Flags().StringVar(&f.html, "html", "", "write the answer as a page; - is standard output")
	cmd.Flags().BoolVar(&f.steps, "steps", false, "list the steps that were taken")
	cmd.Flags().BoolVar(&f.showSecrets, "show-secrets", false, "do not mask secrets")
	return cmd
}

func (f *explainFlags) run(o *output) error {
	given := 0
	for _, is := range []bool{f.scenario != "", f.list, f.about != ""} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return usage("concors explain --help", "give one of --scenario, --list and --about")
	case f.html != "" && f.scenario == "":
		return usage("concors explain --help", "--html goes with --scenario")
	case f.html == "-" && f.json:
		return usage("concors explain --help", "--json and --html - both write to standard output")
	case f.list:
		return f.writeList(o)
	case f.about != "":
		return f.writeAbout(o)
	}
	return f.writeScenario(o)
}

func (f *explainFlags) writeScenario(o *output) error {
	profile, err := profileNamed(f.browser)
	if err != nil {
		return err
	}
	s, err := readScenario(f.scenario, o.in)
	if err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	list, err := explain.Scenario(s, profile, f.showSecrets)
	if err != nil {
		return &exitError{code: exitUsage, err: err, hint: "the browser sends this request too; add what the server answers"}
	}
	return f.answer(o, profile.Name, list)
}

// answer writes explanations in the forms that were asked for. A page comes first: what cannot be written is no answer.
func (f *explainFlags) answer(o *output, browser string, list []explain.Explanation) error {
	page := func(w io.Writer) error { return explain.WriteHTML(w, list, f.steps) }
	if f.html != "" && f.html != "-" {
		if err := writeFile(f.html, page); err != nil {
			return &exitError{code: exitFailed, err: fmt.Errorf("write the page: %w", err)}
		}
	}
	var err error
	switch {
	case f.html == "-":
		err = page(o.out)
	case f.json:
		err = explain.WriteJSON(o.out, explain.NewResult(browser, list, f.steps))
	default:
		err = explain.WriteText(o.out, list, o.layout(f.steps))
	}
	if err == nil && explain.AnyBlocked(list) {
		return &exitError{code: exitBlocked}
	}
	return written(err)
}

func (f *explainFlags) writeList(o *output) error {
	if f.json {
		return written(explain.WriteJSON(o.out, explain.NewCatalogue()))
	}
	return written(explain.WriteCatalogue(o.out, o.layout(false)))
}

func (f *explainFlags) writeAbout(o *output) error {
	entry, ok := explain.EntryOf(f.about)
	if !ok {
		return usage("concors explain --list", "unknown id %q", f.about)
	}
	if f.json {
		return written(explain.WriteJSON(o.out, explain.NewEntryResult(&entry)))
	}
	return written(explain.WriteEntry(o.out, &entry, o.layout(false)))
}

// readScenario reads a scenario from a file or, for -, from standard input.
func readScenario(name string, stdin io.Reader) (*input.Scenario, error) {
	r, shown := stdin, "standard input"
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		r, shown = file, name
	}
	s, err := input.ReadScenario(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	return s, nil
}

// profileNamed returns a browser by its name.
func profileNamed(name string) (fetch.Profile, error) {
	profiles := fetch.Profiles()
	if i := slices.IndexFunc(profiles, func(p fetch.Profile) bool { return p.Name == name }); i >= 0 {
		return profiles[i], nil
	}
	names := make([]string, len(profiles))
	for i, p := range profiles {
		names[i] = p.Name
	}
	return fetch.Profile{}, usage("", "invalid --browser %q: want one of %s", name, strings.Join(names, ", "))
}
