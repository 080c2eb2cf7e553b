// Package policyfile reads concors.yaml: named policies, the routes that they are for, and tests of both. What is wrong in a
// file is told all at once, each with its place and what to write instead. It runs a file's tests, answers single questions
// about it, and tells what two files allow differently. Nothing here reads files or the environment by itself.
//
// docs/policy.md documents the format.
package policyfile
