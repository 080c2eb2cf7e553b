// Package stack is the shape that every server, framework and service has for Concors: what it can express, as data, and how
// a policy is written for it. Each stack has a package of its own below; package all lists them.
//
// A stack never reads a policy file by itself. It gets a [Site], in which it is worked out which policy and who answers
// wherever a request may go, and writes it down in its own words. What it cannot express is a fact, and a policy that needs it
// is refused with a finding: there is no file that does almost what the policy says.
package stack
