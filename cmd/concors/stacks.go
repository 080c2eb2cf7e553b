package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
)

// A stackList is what generate answers in JSON without a stack; docs/json.md documents it.
type stackList struct {
	Stacks []stackFacts `json:"stacks"`
}

type stackFacts struct {
	Stack    string         `json:"stack"`
	Name     string         `json:"name"`
	Versions string         `json:"versions"`
	Proof    stack.Proof    `json:"proof"`
	Tested   string         `json:"tested"`
	Variants []variantFacts `json:"variants"`
}

type variantFacts struct {
	Variant  string        `json:"variant"`
	Features []featureFact `json:"features"`
}

type featureFact struct {
	Feature stack.Feature `json:"feature"`
	Ability stack.Ability `json:"ability"`
	Note    string        `json:"note"`
}

// runList lists the stacks, and what each can express.
func (f *generateFlags) runList(o *output, cmd *cobra.Command) error {
	for _, name := range []string{"config", "policy", "variant", "same-origin", "listen", "out", "force"} {
		if cmd.Flags().Changed(name) {
			return usage("concors generate lists the stacks", "--%s needs a stack", name)
		}
	}
	if f.json {
		return written(report.WriteJSON(o.out, listStacks(all.Stacks())))
	}
	p := term.NewPrinter(o.findingLayout(o.out).Styles, term.Width(o.out))
	for i, s := range all.Stacks() {
		if i > 0 {
			p.Line("")
		}
		text := s.Name + " " + s.Facts.Versions + "; " + string(s.Facts.Proof)
		if s.Facts.Tested != "" {
			text += " on " + s.Facts.Tested
		}
		p.Beside(p.Strong(s.ID)+"  ", "    ", text, nil)
		for j := range s.Facts.Variants {
			writeVariant(p, &s.Facts.Variants[j])
		}
	}
	_, err := p.WriteTo(o.out)
	return written(err)
}

// writeVariant writes what a variant can express, and what it cannot, with the nearest thing.
func writeVariant(p *term.Printer, v *stack.Variant) {
	if v.ID != "" {
		p.Beside("  "+p.Strong("--variant "+v.ID)+"  ", "    ", v.About, nil)
	}
	can := ""
	for _, fact := range v.Facts {
		if fact.Ability != stack.Cannot {
			if can != "" {
				can += ", "
			}
			can += string(fact.Feature)
		}
	}
	p.Item("can", can)
	for i, fact := range v.Facts {
		others := func(f stack.Fact) bool { return f.Ability == stack.Cannot && f.Note == fact.Note }
		if fact.Ability != stack.Cannot || slices.ContainsFunc(v.Facts[:i], others) {
			continue
		}
		features := string(fact.Feature)
		for _, f := range v.Facts[i+1:] {
			if others(f) {
				features += ", " + string(f.Feature)
			}
		}
		p.Item("not", features+": "+fact.Note)
	}
}

func listStacks(stacks []stack.Stack) stackList {
	list := stackList{Stacks: []stackFacts{}}
	for _, s := range stacks {
		facts := stackFacts{Stack: s.ID, Name: s.Name, Versions: s.Facts.Versions, Proof: s.Facts.Proof, Tested: s.Facts.Tested, Variants: []variantFacts{}}
		for _, v := range s.Facts.Variants {
			variant := variantFacts{Variant: v.ID, Features: []featureFact{}}
			for _, fact := range v.Facts {
				variant.Features = append(variant.Features, featureFact(fact))
			}
			facts.Variants = append(facts.Variants, variant)
		}
		list.Stacks = append(list.Stacks, facts)
	}
	return list
}
