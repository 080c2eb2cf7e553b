package policyfile

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// longestDuration is more than any browser keeps anything or anybody waits, and less than a time.Duration can hold.
const longestDuration = 10 * 365 * 24 * time.Hour

// span reads a duration or whole seconds. Its sign and size are for the caller to judge; what is too large for a
// time.Duration is a little more than longestDuration.
func (r *reader) span(v value, what string) (time.Duration, bool) {
	if r.ignored(v) {
		return 0, false
	}
	text, ok := "", v.node.Kind == yaml.ScalarNode && v.node.Tag != "!!null"
	if ok {
		if text, ok = r.expand(v, v.node.Value); !ok {
			return 0, false
		}
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); ok && err == nil {
		const most = int64(longestDuration/time.Second) + 1
		return time.Duration(max(-1, min(seconds, most))) * time.Second, true
	}
	d, err := time.ParseDuration(text)
	if !ok || err != nil {
		fix := "write a duration such as 10m or 24h, or a number of seconds"
		if days, err := strconv.Atoi(strings.TrimSuffix(text, "d")); err == nil && strings.HasSuffix(text, "d") && 0 < days && days < 1000 {
			fix = "write " + strconv.Itoa(24*days) + "h"
		}
		r.wrong(v, "wrong-value", fix, "%s is %s, and has to be a duration or whole seconds", what, v.shown())
		return 0, false
	}
	return d, true
}

// duration reads how long the gateway waits for something: more than nothing.
func (r *reader) duration(v value, what string) time.Duration {
	d, ok := r.span(v, what)
	switch {
	case !ok:
	case d <= 0:
		r.wrong(v, "wrong-value", "leave it out for the usual, or write a longer one", "%s has to be longer than 0", what)
	case d > longestDuration:
		r.wrong(v, "wrong-value", "leave it out for the usual, or write a shorter one", "%s is longer than ten years", what)
	default:
		return d
	}
	return 0
}

// number reads a whole number between two others. It is 0 where there is none, which was told.
func (r *reader) number(v value, what string, least, most int) int {
	if r.ignored(v) {
		return 0
	}
	text, ok := "", v.node.Kind == yaml.ScalarNode && v.node.Tag != "!!null"
	if ok {
		if text, ok = r.expand(v, v.node.Value); !ok {
			return 0
		}
	}
	n, err := strconv.Atoi(text)
	if !ok || err != nil || n < least || n > most {
		r.wrong(v, "wrong-value", "write such a number", "%s is %s, and has to be a number from %d to %d", what, v.shown(), least, most)
		return 0
	}
	return n
}

// size reads a number of bytes, with or without a unit, from least to most. It is 0 where there is none, which was told.
func (r *reader) size(v value, what string, least, most int64) int64 {
	if r.ignored(v) {
		return 0
	}
	text, ok := "", v.node.Kind == yaml.ScalarNode && v.node.Tag != "!!null"
	if ok {
		if text, ok = r.expand(v, v.node.Value); !ok {
			return 0
		}
	}
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	n, err := strconv.ParseInt(text[:digits], 10, 64)
	unit := unitBytes(text[digits:])
	switch {
	case !ok || err != nil || unit == 0:
		fix := "write bytes, or a number with a unit: 10MiB, 1MB"
		if full := strings.ToUpper(strings.TrimSpace(text[digits:])); ok && err == nil && len(full) == 1 && strings.Contains("KMG", full) {
			fix = "write " + text[:digits] + full + "iB"
		}
		r.wrong(v, "wrong-value", fix, "%s is %s, and has to be a size: B, kB, MB, GB, KiB, MiB or GiB", what, v.shown())
	case n > most/unit || n*unit < least:
		r.wrong(v, "wrong-value", "write one in between, or leave it out", "%s has to be from %d to %d bytes", what, least, most)
	default:
		return n * unit
	}
	return 0
}

// unitBytes is how many bytes a unit has, 0 for one that is none.
func unitBytes(unit string) int64 {
	switch unit {
	case "", "B":
		return 1
	case "kB", "KB":
		return 1000
	case "MB":
		return 1000 * 1000
	case "GB":
		return 1000 * 1000 * 1000
	case "KiB":
		return 1 << 10
	case "MiB":
		return 1 << 20
	case "GiB":
		return 1 << 30
	}
	return 0
}
