package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// policyFlags are the flags of every command that takes a policy file.
type policyFlags struct {
	file, env string
}

func (f *policyFlags) addTo(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.file, "config", "c", "concors.yaml", "the policy file; - is standard input")
	f.addEnvTo(cmd)
}

func (f *policyFlags) addEnvTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.env, "env", "", "the environment of the file to use")
}

func (f *policyFlags) options() policyfile.Options {
	return policyfile.Options{Env: f.env, LookupEnv: os.LookupEnv}
}

// load reads a policy file that has to be valid; what is wrong with it goes to standard error.
func (f *policyFlags) load(o *output, name string) (*policyfile.File, error) {
	shown, data, err := readPolicy(name, o.in)
	if err != nil {
		return nil, err
	}
	file, findings := policyfile.Load(shown, data, f.options())
	if file == nil {
		if err := report.WriteText(o.err, findings, report.Files{shown: data}, o.findingLayout(o.err)); err != nil {
			return nil, written(err)
		}
		return nil, usage("concors check -c "+name, "%s: %s", shown, report.Count(findings))
	}
	return file, nil
}

// readPolicy reads a policy file or, for -, standard input; no more of it than shows that it is too large.
func readPolicy(name string, stdin io.Reader) (shown string, data []byte, err error) {
	r, shown := stdin, "standard input"
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return "", nil, &exitError{code: exitUsage, err: err, hint: "-c names the policy file"}
		}
		defer file.Close()
		r, shown = file, name
	}
	data, err = io.ReadAll(io.LimitReader(r, policyfile.MaxSize+1))
	if err != nil {
		return "", nil, &exitError{code: exitUsage, err: fmt.Errorf("read %s: %w", shown, err)}
	}
	return shown, data, nil
}
