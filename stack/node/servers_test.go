package node_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/express"
	"github.com/concors/concors/stack/fastify"
	"github.com/concors/concors/stack/hono"
	"github.com/concors/concors/stack/koa"
	"github.com/concors/concors/stack/node"
)

var update = flag.Bool("update", false, "write what is found to testdata")

// TestServers judges servers as people write them, right and wrong, and compares all that is found.
func TestServers(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) < 30 {
		t.Fatalf("got %d servers, error %v, want 30 at least", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := &archive.Files[len(archive.Files)-1]
			if last.Name != "want" {
				t.Fatalf("the last file is %s, want want", last.Name)
			}
			got := judge(archive.Files[:len(archive.Files)-1])
			if *update {
				last.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got != string(last.Data) {
				t.Errorf("got\n%s\nwant\n%s", got, last.Data)
			}
		})
	}
}

// judge has every linter look at the files that are its own, a line for each finding.
func judge(files []txtar.File) string {
	texts := map[string][]byte{}
	var all []string
	for _, f := range files {
		texts[f.Name] = f.Data
		all = append(all, f.Name)
	}
	var findings []report.Finding
	for _, s := range []stack.Stack{express.Stack(), fastify.Stack(), hono.Stack(), koa.Stack(), {Lint: node.NextJS()}} {
		own := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !s.Lint.MayBe(name) || !s.Lint.Is(name, texts[name]) })
		findings = append(findings, s.Lint.Judge(stack.NewTree(own, all, func(name string) ([]byte, error) { return texts[name], nil }))...)
	}
	report.Sort(findings)
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d:%d: %s %s: %s\n", f.File, f.Line, f.Column, f.Severity, f.Rule, f.Message)
	}
	return b.String()
}

// Whatever a file repeats, judging it takes a time that is bounded by its size.
func TestTime(t *testing.T) {
	for _, piece := range []string{
		"app.use(cors({ origin: (o, c) => c(null, ['https://a.example'].includes(o)), credentials: true }));", "app.use('/a', app);", "app.get('/a/b', h);",
		"app.use('/a', cors());", "app.use((q, r) => r.set('Access-Control-Allow-Origin', q.headers.origin));", "f({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true' });",
		"res.headers.get('x-a');", "app.use(cors({ origin: [/a.example/, /b.example$/, 'null', 'http://c.example'] }));",
	} {
		began := time.Now()
		text := "const app = require('express')(); const cors = require('cors');\n" + strings.Repeat(piece, (64<<10)/len(piece))
		judge([]txtar.File{{Name: "server.js", Data: []byte(text)}})
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: it took %s", piece, took)
		}
	}
}

// TestNextJS holds the rules of Next.js to their examples. Those of the frameworks are held to theirs with the stacks.
func TestNextJS(t *testing.T) {
	l := node.NextJS()
	for _, r := range l.Rules {
		t.Run(r.Name, func(t *testing.T) {
			if found := l.JudgeText(r.Before); !slices.ContainsFunc(found, func(f report.Finding) bool { return f.Rule == r.Name && f.Severity == r.Severity }) {
				t.Errorf("got %+v for the wrong example, want a finding of the rule, of severity %s", found, r.Severity)
			}
			for _, f := range l.JudgeText(r.After) {
				if f.Rule == r.Name || f.Severity.AtLeast(report.Warning) {
					t.Errorf("got %+v for the right example", f)
				}
			}
		})
	}
}
