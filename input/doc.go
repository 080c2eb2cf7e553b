// Package input turns what a person has at hand into requests for the browser model: recorded scenarios, and what browsers
// record themselves.
//
// Input is hostile until it is read: sizes and depths are bounded, every problem is an [Error] that names the place, and
// nothing panics. What a script could pass to fetch() is never an error, however wrong it is; it is the model's to judge.
package input
