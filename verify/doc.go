// Package verify proves a policy on a live server. From a policy file it makes a plan: the checks that pin the policy down,
// what it allows and what comes near and is refused. A plan is carried out over a [Network]; the answers are judged by the
// browser of package fetch, as a page would meet them.
//
// Only preflights, plain OPTIONS, GET and HEAD are sent. What could only be seen by a request that may change something is
// told as not verified, and so is what the server did not answer.
//
// Servers differ in style, and that is no failure: another successful status for a preflight, a list instead of an echo,
// * where it means the same, more names in Vary. What is wider than the policy is a failure, and so is what is narrower.
package verify
