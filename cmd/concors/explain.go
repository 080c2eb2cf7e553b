package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
)

const explainHelp = `concors explain tells what a browser does with a request, why, and what to change.

Usage: concors explain URL --page PAGE [request] [network] [options]
       concors explain --curl FILE | --fetch FILE [network] [options]
       concors explain --har FILE [options]
       concors explain --message TEXT [--live] [options]
       concors explain --scenario FILE [options]
       concors explain --list | --about ID [--json]

Examples:
  concors explain https://api.example.com/users --page https://myapp.com
  concors explain https://api.example.com/users/1 --page https://myapp.com -X PUT -H 'Authorization: Bearer t' --send
  concors explain --curl copied.txt                  "Copy as cURL", from any browser
  concors explain --har page.har                     every cross-origin request of a recording
  concors explain --message "Access to fetch at 'https://api.example.com/' from origin 'https://myapp.com' has been blocked ..."
  curl -i https://api.example.com/users | concors explain https://api.example.com/users --page https://myapp.com --response -

What to explain:
  URL               a request of --page, made now as a browser makes it
  --curl FILE       a cURL command line, from a browser (Copy as cURL) or your own; made now; - is standard input
  --fetch FILE      JavaScript with calls of fetch (Copy as fetch), read and never run; made now
  --har FILE        a recording of a browser's developer tools
  --message TEXT    a line of a browser's console; with --live, go and look at the URL that it names
  --scenario FILE   recorded exchanges, in the JSON that docs/json.md describes
  --list            list everything that can be found
  --about ID        explain one failure or warning

The request, with curl's options where curl has one:
  --page PAGE       the page that makes it (also --origin): a URL, an origin, or null
  -X, --request METHOD
  -H, --header 'Name: value'
  -d, --data TEXT   the body; @FILE reads it. Also --data-raw, --data-binary, --data-urlencode, -G, -I
  -u, --user NAME:PASSWORD
  -b, --cookie 'a=1; b=2'    what the browser has for the first host; sent where cookies may go
  --credentials omit|same-origin|include
  --mode cors|no-cors|same-origin
  --redirect follow|error|manual
  --initiator NAME  fetch (default), xhr, img, script, module-script, style, font, event-source, ...
  --page-space, --target-space public|local|loopback    decide local network access too

The network:
  --send            also send what could change something: anything but preflights, GET and HEAD
  --response FILE   raw responses, as curl -i prints them, instead of a network; in the order of the requests; repeatable
  --resolve HOST:PORT:ADDRESS    where a name leads
  -k, --insecure    take any certificate; --cacert FILE trusts the authorities in it
  -x, --proxy URL   a proxy for everything; else http_proxy, https_proxy, all_proxy and no_proxy count
  --connect-timeout SECONDS, -m, --max-time SECONDS    10 and 30 by default

Options:
  --browser NAME    standard, chromium, firefox or webkit; by default standard, and for a recording or a message the browser
                    that made it
  --all             with --har: explain what is allowed too, not only what is not
  --stack NAME      write the fix as configuration of this server or framework (concors generate lists them), none for no such
                    fix; by default of the one that answered, and where that is not certain of two
  --steps           list the steps of the Fetch Standard that were taken
  --show-secrets    do not mask cookies, Authorization and what looks like a token
  --json            answer in JSON
  --html FILE       write the answer as a page too; - is standard output, in place of the text
  --color WHEN      auto, always or never

Exit codes: 0 when every outcome is allowed, opaque or unsent; 1 when one is blocked, prompt or invalid; 2 for input that
cannot be read, or that lacks a response that the browser asks for; 3 when the network could not be used.
`

// explainFlags are the flags of explain.
type explainFlags struct {
	callFlags
	scenario, har, message              string
	browser, about, html, stack         string
	live                                bool
	all, list, json, steps, showSecrets bool
}

func newExplain(o *output) *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use: "explain [URL]", Short: "what a browser does with a request, why, and what to change", Long: explainHelp,
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, operands []string) error { return f.run(o, cmd, operands) },
	}
	f.callFlags.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.scenario, "scenario", "", "recorded exchanges; - is standard input")
	flags.StringVar(&f.har, "har", "", "a recording of a browser; - is standard input")
	flags.StringVar(&f.message, "message", "", "a line of a browser's console; - is standard input")
	flags.BoolVar(&f.live, "live", false, "with --message: look at the URL that it names")
	flags.StringVar(&f.browser, "browser", "", "standard, chromium, firefox or webkit")
	flags.StringVar(&f.stack, "stack", "", "write the fix for this server or framework; none for no such fix")
	flags.StringVar(&f.about, "about", "", "explain one failure or warning")
	flags.BoolVar(&f.all, "all", false, "with --har: explain what is allowed too")
	flags.BoolVar(&f.list, "list", false, "list everything that can be found")
	flags.BoolVar(&f.json, "json", false, "answer in JSON")
	flags.StringVar(&f.html, "html", "", "write the answer as a page; - is standard output")
	flags.BoolVar(&f.steps, "steps", false, "list the steps that were taken")
	flags.BoolVar(&f.showSecrets, "show-secrets", false, "do not mask secrets")
	complete(cmd)
	return cmd
}

// complete tells shells the values that options take.
func complete(cmd *cobra.Command) {
	for name, values := range map[string][]string{
		"browser": profileNames(), "credentials": {"omit", "same-origin", "include"}, "mode": {"cors", "no-cors", "same-origin"},
		"redirect": {"follow", "error", "manual"}, "initiator": strings.Split(words(fetch.Initiators()), ", "),
		"page-space": {"public", "local", "loopback"}, "target-space": {"public", "local", "loopback"},
		"request": {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, "stack": stackNames(),
	} {
		if err := cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic("concors: internal error: " + err.Error())
		}
	}
	ids := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var list []string
		for _, e := range explain.Entries() {
			list = append(list, e.ID+"\t"+e.Title)
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	}
	if err := cmd.RegisterFlagCompletionFunc("about", ids); err != nil {
		panic("concors: internal error: " + err.Error())
	}
}

func (f *explainFlags) run(o *output, cmd *cobra.Command, operands []string) error {
	const help = "concors explain --help"
	given := 0
	for _, is := range []bool{len(operands) > 0, f.curl != "", f.fetch != "", f.har != "", f.message != "", f.scenario != "", f.list, f.about != ""} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return usage(help, "give one of URL, --curl, --fetch, --har, --message, --scenario, --list and --about")
	case f.html != "" && (f.list || f.about != ""):
		return usage(help, "--html goes with something to explain")
	case f.html == "-" && f.json:
		return usage(help, "--json and --html - both write to standard output")
	case f.live && f.message == "":
		return usage(help, "--live goes with --message")
	case f.stack != "" && (f.list || f.about != "" || f.message != "" && !f.live):
		return usage(help, "--stack goes with an exchange, which this is not")
	case f.list:
		return f.writeList(o)
	case f.about != "":
		return f.writeAbout(o)
	}
	if _, err := f.chosenStack(); err != nil {
		return err
	}
	profile, err := profileNamed(cmp.Or(f.browser, fetch.Standard().Name))
	if err != nil {
		return err
	}
	switch {
	case f.scenario != "":
		return f.writeScenario(o, profile)
	case f.har != "":
		return f.writeHAR(o, profile)
	case f.message != "" && !f.live:
		return f.writeMessage(o)
	}
	calls, err := f.toMake(o, cmd, operands)
	if err != nil {
		return err
	}
	var list []explain.Explanation
	for i := range calls {
		e, err := f.callFlags.explain(cmd.Context(), o, profile, &calls[i], f.showSecrets)
		if err != nil {
			return err
		}
		if e.Trace.Outcome == fetch.Unsent {
			fmt.Fprintln(o.err, "concors: hint: --send sends such a request too")
		}
		list = append(list, e)
	}
	return f.answerAll(o, profile.Name, list)
}

// toMake are the calls that are to be made.
func (f *explainFlags) toMake(o *output, cmd *cobra.Command, operands []string) ([]input.Call, error) {
	if f.message == "" {
		return f.calls(o, cmd, operands)
	}
	m, err := f.readMessage(o)
	if err != nil {
		return nil, err
	}
	call, ok := m.Call()
	if !ok {
		return nil, usage("concors explain URL --page PAGE", "the message names no URL to look at")
	}
	calls := []input.Call{call}
	return calls, f.override(&calls[0])
}

func (f *explainFlags) readMessage(o *output) (*explain.ConsoleMessage, error) {
	text := f.message
	if text == "-" {
		const most = 1 << 20
		var err error
		if text, err = o.readText("-", most); err != nil {
			return nil, err
		}
	}
	m, err := explain.ParseMessage(text)
	if err != nil {
		e := &exitError{code: exitUsage, err: err}
		if m, ok := errors.AsType[*explain.MessageError](err); ok {
			e.hint = m.Hint()
		}
		return nil, e
	}
	return m, nil
}

func (f *explainFlags) writeMessage(o *output) error {
	m, err := f.readMessage(o)
	if err != nil {
		return err
	}
	e := m.Explanation(f.showSecrets)
	return f.answerAll(o, cmp.Or(m.Engine, f.browser, fetch.Standard().Name), []explain.Explanation{e})
}

func (f *explainFlags) writeHAR(o *output, profile fetch.Profile) error {
	r, closed, err := o.open(f.har)
	if err != nil {
		return err
	}
	defer closed()
	h, err := input.ReadHAR(r)
	if err != nil {
		return &exitError{code: exitUsage, err: placed(f.har, err), hint: "in the browser's developer tools, Network: Export HAR (Save all as HAR)"}
	}
	if h.Browser != "" && f.browser == "" {
		if profile, err = profileNamed(h.Browser); err != nil {
			return err
		}
	}
	recording := explain.HAR(h, profile, f.showSecrets)
	if err := f.cure(recording.Explanations); err != nil {
		return err
	}
	list := recording.Explanations
	if !f.json {
		if err := f.writeSummary(o, recording); err != nil {
			return written(err)
		}
		if !f.all {
			list = slices.DeleteFunc(slices.Clone(list), func(e explain.Explanation) bool { return e.Why == "" })
		}
	}
	return f.answer(o, explain.NewRecordingResult(profile.Name, recording, f.steps), list, recording.Explanations)
}

// writeSummary writes the table of a recording, unless a page takes the place of the text.
func (f *explainFlags) writeSummary(o *output, recording *explain.Recording) error {
	if f.html == "-" {
		return nil
	}
	layout := o.layout(false)
	if err := explain.WriteSummary(o.out, recording, layout); err != nil || len(recording.Explanations) == 0 {
		return err
	}
	_, err := fmt.Fprintln(o.out)
	return err
}

func (f *explainFlags) writeScenario(o *output, profile fetch.Profile) error {
	s, err := readScenario(o, f.scenario)
	if err != nil {
		return err
	}
	list, err := explain.Scenario(s, profile, f.showSecrets)
	if err != nil {
		return &exitError{code: exitUsage, err: err, hint: "the browser sends this request too; add what the server answers"}
	}
	return f.answerAll(o, profile.Name, list)
}

// answerAll answers with a list of explanations, told in full.
func (f *explainFlags) answerAll(o *output, browser string, list []explain.Explanation) error {
	if err := f.cure(list); err != nil {
		return err
	}
	return f.answer(o, explain.NewResult(browser, list, f.steps), list, list)
}

// answer writes explanations in the forms that were asked for: the result as JSON, those that are told as text or a page. A
// page comes first: what cannot be written is no answer. All of them decide the exit code.
func (f *explainFlags) answer(o *output, result explain.Result, told, all []explain.Explanation) error {
	page := func(w io.Writer) error { return explain.WriteHTML(w, told, f.steps) }
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
		err = report.WriteJSON(o.out, result)
	default:
		err = explain.WriteText(o.out, told, o.layout(f.steps))
	}
	if err == nil && explain.AnyBlocked(all) {
		return &exitError{code: exitBlocked}
	}
	return written(err)
}

// noStack as --stack stands for no configuration.
const noStack = "none"

// chosenStack is the stack of --stack; nil where it is to be found out, and for none.
func (f *explainFlags) chosenStack() (*stack.Stack, error) {
	if f.stack == "" || f.stack == noStack {
		return nil, nil
	}
	s, err := all.Find(f.stack)
	if err != nil {
		return nil, usage("concors generate", "invalid --stack: %w", err)
	}
	return s, nil
}

// cure adds generated configuration to what is to change.
func (f *explainFlags) cure(list []explain.Explanation) error {
	s, err := f.chosenStack()
	if err != nil || f.stack == noStack {
		return err
	}
	for i := range list {
		list[i].Cure(s)
	}
	return nil
}

func stackNames() []string {
	names := []string{noStack}
	for _, s := range all.Stacks() {
		names = append(names, s.ID)
	}
	return names
}

func (f *explainFlags) writeList(o *output) error {
	if f.json {
		return written(report.WriteJSON(o.out, explain.NewCatalogue()))
	}
	return written(explain.WriteCatalogue(o.out, o.layout(false)))
}

func (f *explainFlags) writeAbout(o *output) error {
	entry, ok := explain.EntryOf(f.about)
	if !ok {
		return usage("concors explain --list", "unknown id %q", f.about)
	}
	if f.json {
		return written(report.WriteJSON(o.out, explain.NewEntryResult(&entry)))
	}
	return written(explain.WriteEntry(o.out, &entry, o.layout(false)))
}

// readScenario reads a scenario from a file or, for -, from standard input.
func readScenario(o *output, name string) (*input.Scenario, error) {
	r, closed, err := o.open(name)
	if err != nil {
		return nil, err
	}
	defer closed()
	s, err := input.ReadScenario(r)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: placed(name, err)}
	}
	return s, nil
}

// profileNamed returns a browser by its name.
func profileNamed(name string) (fetch.Profile, error) {
	profiles := fetch.Profiles()
	if i := slices.IndexFunc(profiles, func(p fetch.Profile) bool { return p.Name == name }); i >= 0 {
		return profiles[i], nil
	}
	return fetch.Profile{}, usage("", "invalid --browser %q: want one of %s", name, strings.Join(profileNames(), ", "))
}

func profileNames() []string {
	var names []string
	for _, p := range fetch.Profiles() {
		names = append(names, p.Name)
	}
	return names
}
