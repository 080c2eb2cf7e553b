// Package lint finds the configuration of servers and frameworks in a project, and judges it: who can read what they should
// not, and what will not work in a browser. What is wrong, and how each kind of configuration is read, is in the packages of
// the stacks; this one finds files, leaves out what comments suppress, and bounds it all.
package lint
