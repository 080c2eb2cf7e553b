package gateway_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clients is how many connections ask at once.
const clients = 64

// A load is what a server is asked again and again.
type load struct {
	name     string
	requests []string // sent in turn
}

// preflights are what a browser asks before it sends PUT with JSON, for pages and paths.
func preflights(pages, paths []string) *load {
	return newLoad("preflights", "OPTIONS", pages, paths, "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type")
}

// gets are what a browser sends for a page that reads.
func gets(pages, paths []string) *load { return newLoad("GETs", "GET", pages, paths) }

// newLoad combines pages and paths to at most a thousand requests, with the headers that Chromium sends.
func newLoad(name, method string, pages, paths []string, lines ...string) *load {
	const most = 1000
	l := &load{name: name}
	for i := range min(most, len(pages)*len(paths)) {
		// By prime steps, or the same pages would go with the same paths.
		from := pages[i*7919%len(pages)]
		all := append([]string{
			method + " " + paths[i%len(paths)] + " HTTP/1.1", "Host: api.example", "Accept: */*", "Origin: " + from, "Referer: " + from + "/",
			"Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: en-US,en;q=0.9",
			"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
			"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: cross-site",
		}, lines...)
		l.requests = append(l.requests, strings.Join(all, "\r\n")+"\r\n\r\n")
	}
	return l
}

// A sample is what a server did in one slice of time.
type sample struct {
	rate     float64       // answers in a second
	p50, p99 time.Duration // until an answer was there
	cpu      time.Duration // of the server, for one answer
	busy     float64       // the part of the time that the server was at work
}

// measure has wrk ask a server for some time. Every answer must be of a status that means success.
func (s *stable) measure(ctx context.Context, sv *server, l *load, slice time.Duration) (sample, error) {
	script := filepath.Join(s.cage.Dir(), "load.lua")
	if err := os.WriteFile(script, []byte(l.script()), 0o600); err != nil {
		return sample{}, err
	}
	before, err := sv.usage()
	if err != nil {
		return sample{}, err
	}
	const grace = 30 * time.Second
	ctx, cancel := context.WithTimeout(ctx, slice+grace)
	defer cancel()
	line := pinned(s.loadCore, "wrk", "-t", "1", "-c", strconv.Itoa(clients), "-d", strconv.Itoa(int(slice.Seconds()))+"s", "-s", script, "http://"+sv.listen)
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Env = s.cage.Environ()
	said, err := cmd.CombinedOutput()
	if err != nil {
		return sample{}, fmt.Errorf("ask %s for %s: %w: %s", sv.name, l.name, err, said)
	}
	after, err := sv.usage()
	if err != nil {
		return sample{}, err
	}
	result, err := parseResult(string(said))
	if err != nil {
		return sample{}, fmt.Errorf("ask %s for %s: %w", sv.name, l.name, err)
	}
	return result.sample(after - before), nil
}

// script is the program for wrk that sends the requests, and prints what came of it in one line.
func (l *load) script() string {
	return fmt.Sprintf(`local requests = {
%s}
local last = 0
function request()
	last = last %% #requests + 1
	return requests[last]
end
function done(summary, latency)
	local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
	io.write(string.format("result %%d %%d %%d %%d %%d %%d\n", summary.requests, summary.duration,
		latency:percentile(50), latency:percentile(99), summary.errors.status, failed))
end
`, each(l.requests, "\t%q,\n"))
}

// A result is what wrk has counted. Times are in microseconds.
type result struct{ answers, duration, p50, p99, refused, failed int }

func parseResult(said string) (result, error) {
	var r result
	_, line, ok := strings.Cut(said, "\nresult ")
	if !ok {
		return result{}, fmt.Errorf("wrk has no result: %q", said)
	}
	_, err := fmt.Sscan(line, &r.answers, &r.duration, &r.p50, &r.p99, &r.refused, &r.failed)
	switch {
	case err != nil:
		return result{}, fmt.Errorf("invalid result %q: %w", line, err)
	case r.answers == 0 || r.duration == 0:
		return result{}, fmt.Errorf("no answer in %d µs", r.duration)
	case r.refused > 0 || r.failed > 0:
		return result{}, fmt.Errorf("of %d answers %d are of another status, and %d requests failed", r.answers, r.refused, r.failed)
	}
	return r, nil
}

func (r result) sample(cpu time.Duration) sample {
	duration := time.Duration(r.duration) * time.Microsecond
	return sample{
		rate: float64(r.answers) / duration.Seconds(),
		p50:  time.Duration(r.p50) * time.Microsecond,
		p99:  time.Duration(r.p99) * time.Microsecond,
		cpu:  cpu / time.Duration(r.answers),
		busy: cpu.Seconds() / duration.Seconds(),
	}
}
