package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// An owner is whose code a sample of a profile was in.
type owner string

const (
	ourCode   owner = "Concors"
	caddyCode owner = "Caddy"
	httpCode  owner = "net/http and below it"
	kernel    owner = "the kernel, on behalf of whoever reads and writes"
	collector owner = "the garbage collector in the background"
	scheduler owner = "the Go scheduler"
	others    owner = "other modules"
)

func owners() []owner {
	return []owner{ourCode, caddyCode, httpCode, others, collector, scheduler, kernel}
}

// shares counts the samples of each owner while a server is asked for some time, and returns how long an answer took it. The
// server has an admin address.
func (s *stable) shares(ctx context.Context, sv *server, l *load, length time.Duration) (map[owner]int64, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, length+time.Minute)
	defer cancel()
	var m sample
	asked := make(chan error, 1)
	go func() {
		var err error
		m, err = s.measure(ctx, sv, l, length+2*time.Second) // the profile is in the middle
		asked <- err
	}()
	time.Sleep(time.Second)
	p, err := readProfile(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", sv.admin, int(length.Seconds())))
	if err := <-asked; err != nil {
		return nil, 0, err
	}
	if err != nil {
		return nil, 0, fmt.Errorf("profile %s: %w", sv.name, err)
	}
	return countOwners(p), m.cpu, nil
}

func readProfile(ctx context.Context, url string) (*profile.Profile, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers %s", res.Status)
	}
	const most = 64 << 20
	return profile.Parse(io.LimitReader(res.Body, most))
}

func countOwners(p *profile.Profile) map[owner]int64 {
	counts := map[owner]int64{}
	for _, s := range p.Sample {
		counts[ownerOf(stack(s))] += s.Value[0] // how often it was seen
	}
	return counts
}

// stack returns the functions of a sample, the innermost first.
func stack(s *profile.Sample) []string {
	var list []string
	for _, location := range s.Location {
		for _, line := range location.Line {
			if line.Function != nil {
				list = append(list, line.Function.Name)
			}
		}
	}
	return list
}

// ownerOf returns who called what was at work: the owner of the innermost function that serves no one in particular, as maps,
// strings and allocation do. So what a handler makes the runtime do counts as the handler's, and what it only passes on
// to does not.
func ownerOf(stack []string) owner {
	if len(stack) == 0 {
		return scheduler
	}
	if isPackage(stack[0], "internal/runtime/syscall", "syscall", "runtime/internal/syscall") {
		return kernel
	}
	for _, function := range []string{"runtime.gcBgMarkWorker", "runtime.bgsweep", "runtime.bgscavenge"} {
		if slices.Contains(stack, function) {
			return collector
		}
	}
	for _, function := range stack {
		switch {
		case serves(function):
		case strings.HasPrefix(function, "github.com/concors/concors/"):
			return ourCode
		case strings.HasPrefix(function, "github.com/caddyserver/"):
			return caddyCode
		case strings.Contains(firstOf(function), "."):
			return others
		default:
			return httpCode
		}
	}
	return scheduler
}

// serves reports whether a function of the standard library does something for whoever calls it.
func serves(function string) bool {
	if !strings.ContainsAny(function, "./") {
		return true // assembly of the runtime: memmove and the like have a package, others do not
	}
	return strings.HasPrefix(function, "net/http.Header.") || function == "net/http.CanonicalHeaderKey" ||
		isPackage(function, "runtime", "internal", "strings", "bytes", "slices", "maps", "sort", "strconv", "unicode", "sync", "errors", "reflect",
			"net/textproto", "hash", "iter", "cmp", "fmt", "context", "time")
}

// isPackage reports whether a function is of one of the packages, or of one below.
func isPackage(function string, packages ...string) bool {
	return slices.ContainsFunc(packages, func(p string) bool {
		rest, ok := strings.CutPrefix(function, p)
		return ok && rest != "" && (rest[0] == '.' || rest[0] == '/')
	})
}

func firstOf(function string) string {
	first, _, ok := strings.Cut(function, "/")
	if !ok {
		return ""
	}
	return first
}

func TestOwnerOf(t *testing.T) {
	const (
		handler = "github.com/concors/concors/gateway.(*Handler).ServeHTTP"
		proxy   = "github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy.(*Handler).ServeHTTP"
	)
	for _, row := range []struct {
		name  string
		stack []string
		want  owner
	}{
		{"a map that we look into", []string{"aeshashbody", "internal/runtime/maps.(*Map).Get", "runtime.mapaccess1", handler, "net/http.serverHandler.ServeHTTP"}, ourCode},
		{"a header that we set", []string{"runtime.mallocgc", "net/textproto.MIMEHeader.Set", "net/http.Header.Set", handler}, ourCode},
		{"what we wrap", []string{"strings.Index", proxy, handler, "net/http.(*conn).serve"}, caddyCode},
		{"what net/http writes through us", []string{"runtime.memmove", "bufio.(*Writer).Write", "net/http.(*response).Write", handler}, httpCode},
		{"a log", []string{"go.uber.org/zap.(*Logger).Check", proxy}, others},
		{"a write", []string{"internal/runtime/syscall.Syscall6", "syscall.write", "net.(*conn).Write"}, kernel},
		{"marking", []string{"runtime.scanobject", "runtime.gcDrain", "runtime.gcBgMarkWorker", "runtime.systemstack"}, collector},
		{"looking for work", []string{"runtime.findRunnable", "runtime.schedule", "runtime.mcall"}, scheduler},
		{"nothing", nil, scheduler},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := ownerOf(row.stack); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}
