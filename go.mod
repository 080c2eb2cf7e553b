module github.com/concors/concors

go 1.26.0

require (
	charm.land/lipgloss/v2 v2.0.6 // the five styles of terminal output, as every terminal can show them
	github.com/charmbracelet/x/term v0.2.2 // whether the output is a terminal, and how wide
	github.com/concors/concors/cors v0.0.0 // the library: what a browser does with a cross-origin request
	github.com/dop251/goja v0.0.0-20260917113740-793a2a65c13b // the parser of JavaScript that is copied as fetch, never its interpreter
	github.com/google/go-cmp v0.7.0 // tests only: readable differences
	github.com/rogpeppe/go-internal v1.16.0 // tests only: testscript, scripts that run the command
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // tests only: what the schema of policy files says, by a validator of another house
	github.com/spf13/cobra v1.10.2 // subcommands, completions, manual pages and suggestions
	github.com/spf13/pflag v1.0.9 // the flags of cobra: to hide them from the manual pages, whose text has them already
	go.yaml.in/yaml/v4 v4.0.0 // policy files: line and column of every node and of syntax errors, and a bounded depth; kept by the YAML organization
	golang.org/x/net v0.62.0 // what net/http can send, the proxies of the environment, public suffixes for cookies; tests: whether a page is well formed
	mvdan.cc/sh/v3 v3.14.1 // a cURL line as bash splits it into words
)

require (
	github.com/charmbracelet/colorprofile v0.4.3 // indirect
	github.com/charmbracelet/ultraviolet v0.0.0-20260811164956-006e29f97886 // indirect
	github.com/charmbracelet/x/ansi v0.11.8 // indirect
	github.com/charmbracelet/x/termios v0.1.1 // indirect
	github.com/charmbracelet/x/windows v0.2.2 // indirect
	github.com/clipperhouse/displaywidth v0.11.0 // indirect
	github.com/clipperhouse/uax29/v2 v2.7.0 // indirect
	github.com/cpuguy83/go-md2man/v2 v2.0.6 // indirect
	github.com/go-sourcemap/sourcemap v2.1.3+incompatible // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/lucasb-eyer/go-colorful v1.4.1 // indirect
	github.com/mattn/go-runewidth v0.0.24 // indirect
	github.com/muesli/cancelreader v0.2.2 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/russross/blackfriday/v2 v2.1.0 // indirect
	github.com/xo/terminfo v0.0.0-20220910002029-abceb7e1c41e // indirect
	go.yaml.in/yaml/v3 v3.0.4 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	golang.org/x/tools v0.51.0 // indirect
)
