// Package gateway compares the gateway with others, as programs on one machine: each serves the same policy, pinned to one
// core, and is measured by turns with the same control.
//
// It has tests only. TestAnswers asks every gateway that is there what is measured later, and holds the answers to what a
// browser makes of them; TestCompare, which make bench-gateway runs, measures and writes the tables of
// docs/performance.md.
package gateway
