// Package bench compares the middleware of package cors with those of others, side by side in one process.
//
// It has tests only. TestAnswers asks every peer what is measured later, and holds the answers to what a browser makes of
// them; TestCompare, which make bench runs, measures and writes the tables of docs/performance.md; the benchmarks are for
// profiles of one peer.
package bench
