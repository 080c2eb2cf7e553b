package stack

import (
	"fmt"
	"slices"
)

// Facts are what is known of a stack, as data: for the generator, for the tables and for readers.
type Facts struct {
	// Versions is what the configuration is for, in words: "1.18 and later".
	Versions string

	// Proof is how it is known that the generated configuration does what the policy says, and Tested the version with which
	// that was seen. Tested is empty for GeneratedOnly.
	Proof  Proof
	Tested string

	// Use says in a sentence or two where the files go, and how to run them.
	Use string

	// Unreadable says why configuration of this stack is not read; empty where it is.
	Unreadable string

	// NoFiles says what to do about a route with files, for a server that serves none; empty for any other stack.
	NoFiles string

	// OnlySameOrigin says what to do instead, for what has front end and API under one origin and can do nothing else with a
	// policy; empty for any other stack.
	OnlySameOrigin string

	Links []string // the vendor's documentation; at least one

	Variants []Variant // the first is the default; at least one
}

// Proof is how it is known that generated configuration is right.
type Proof string

// The proofs, the strongest first.
const (
	Proven        Proof = "proven"         // real servers run it in tests, and a browser's requests are sent to them
	Validated     Proof = "validated"      // the vendor's own types or checker take it
	GeneratedOnly Proof = "generated only" // neither
)

// A Variant is one of several ways to write a policy for a stack.
type Variant struct {
	ID    string // as --variant has it; empty where the stack has only one way
	About string // in a few words; empty likewise
	Facts []Fact // one for each feature, in the order of [Features]
}

// A Fact says whether a variant can express a feature.
type Fact struct {
	Feature Feature
	Ability Ability

	// Note is, WithCare, what has to be taken care of and, for Cannot, the nearest thing that can be done. Empty for Native.
	Note string
}

// Ability says whether something can be expressed.
type Ability string

// The abilities.
const (
	Native   Ability = "native"
	WithCare Ability = "with care" // exactly too, but not by a setting of its own
	Cannot   Ability = "cannot"
)

// Variant returns a variant by its id, the first one without an id. The error names those that there are.
func (f *Facts) Variant(id string) (*Variant, error) {
	var known []string
	for i := range f.Variants {
		if v := &f.Variants[i]; id == "" || v.ID == id {
			return v, nil
		}
		known = append(known, f.Variants[i].ID)
	}
	if len(known) < 2 {
		return nil, fmt.Errorf("unknown variant %q: there is only one", id)
	}
	return nil, fmt.Errorf("unknown variant %q: there are %q", id, known)
}

// Fact returns what the variant says of a feature. A feature of which it says nothing cannot be expressed.
func (v *Variant) Fact(f Feature) Fact {
	i := slices.IndexFunc(v.Facts, func(fact Fact) bool { return fact.Feature == f })
	if i < 0 {
		return Fact{Feature: f, Ability: Cannot}
	}
	return v.Facts[i]
}
