// Package term is what the program knows of terminals: five styles, how wide the output is, and whether to use colour.
// Meaning never rests on a style alone.
package term
