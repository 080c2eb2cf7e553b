// Package house holds Concors to its own rules: which way imports point, what the pure packages may not do, how things
// are named and documented.
//
// It has tests only. Each rule is a function over a file tree. One test runs every rule over the repository; another runs
// each rule over a small bad tree, testdata/RULE.txt, which proves that the rule can fail and says where.
package house
