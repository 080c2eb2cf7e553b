// Package spelling guesses which word was meant.
package spelling

import "strings"

// longest is how many bytes of a word are worth a guess.
const longest = 200

// Nearest returns the known word that differs least from a word, its case aside, and in no more than two places: a letter
// too many, missing, another one, or two swapped. It is empty when no word is that near. Known words are in lower case.
func Nearest(word string, known []string) string {
	if len(word) > longest {
		return ""
	}
	best, distance := "", tooFar
	for _, k := range known {
		if len(k) > len(word)+2 || len(k) < len(word)-2 {
			continue // not worth counting
		}
		if n := edits(strings.ToLower(word), k); n < distance && n < len(k) {
			best, distance = k, n
		}
	}
	return best
}

// tooFar is a distance at which nobody meant the word.
const tooFar = 3

// edits counts the insertions, deletions, replacements and swaps of neighbours that turn a into b, up to tooFar.
func edits(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = min(j, tooFar)
	}
	for i := range len(a) {
		for j := range row {
			row[j] = tooFar // as everything is that is not near the diagonal
		}
		row[0] = min(i+1, tooFar)
		for j := max(i-tooFar, 0); j < min(i+tooFar, len(b)); j++ {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost, tooFar)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
