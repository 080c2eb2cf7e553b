package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/e2e/program"
)

// A server is a peer that serves a site.
type server struct {
	site
	name string // tells it from the others that are measured
	pid  int
	rss  float64 // the most that was seen, MiB
}

// A stable has the servers of a run. The gateways are on a core of their own; what asks them and what answers them share
// another. With that, Go's programs have one processor, and the others are configured for one.
type stable struct {
	cage                  *program.Cage
	gatewayCore, loadCore string // empty for any
	upstream              *server
}

func newStable(ctx context.Context, gatewayCore, loadCore string) (*stable, error) {
	cage, err := program.NewCage(ctx)
	if err != nil {
		return nil, err
	}
	s := &stable{cage: cage, gatewayCore: gatewayCore, loadCore: loadCore}
	p := upstream()
	s.upstream, err = s.start(ctx, "upstream", &p, site{}, loadCore)
	if err != nil {
		cage.Close()
		return nil, err
	}
	return s, nil
}

// gateway starts a peer in front of the upstream.
func (s *stable) gateway(ctx context.Context, name string, p *peer, at site) (*server, error) {
	at.upstream = s.upstream.listen
	return s.start(ctx, name, p, at, s.gatewayCore)
}

func (s *stable) start(ctx context.Context, name string, p *peer, at site, core string) (*server, error) {
	file, err := p.find()
	if err != nil {
		return nil, err
	}
	if at.routes == nil {
		at.routes = []string{prefix}
	}
	if at.listen, err = freeAddress(); err != nil {
		return nil, err
	}
	if at.dir, err = os.MkdirTemp(s.cage.Dir(), "site"); err != nil {
		return nil, err
	}
	if p.files != nil {
		for name, text := range p.files(&at) {
			if err := os.WriteFile(filepath.Join(at.dir, name), []byte(text), 0o600); err != nil {
				return nil, err
			}
		}
	}
	line := pinned(core, append([]string{file}, p.arguments(&at)...)...)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = at.dir
	cmd.Env = s.cage.Environ()
	if at.gogc != 0 {
		cmd.Env = append(cmd.Env, "GOGC="+strconv.Itoa(at.gogc))
	}
	process, err := s.cage.Start(cmd)
	if err == nil {
		err = waitReady(ctx, process, "http://"+at.listen+at.routes[0])
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w; the last that was said:\n%s", name, err, s.cage.LastWords())
	}
	return &server{site: at, name: name, pid: cmd.Process.Pid}, nil
}

// pinned is the command line that runs another on one core.
func pinned(core string, line ...string) []string {
	if core == "" {
		return line
	}
	return append([]string{"taskset", "-c", core}, line...)
}

// freeAddress returns an address of this machine that nobody has.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// waitReady waits until a process has the upstream answer. That it takes connections says too little: a program may try an
// address before it serves on it, and serve before it has its routes.
func waitReady(ctx context.Context, p *program.Process, url string) error {
	const patience = time.Minute
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	transport := &http.Transport{DisableKeepAlives: true}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return err
		}
		if res, err := transport.RoundTrip(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-p.Gone:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", url, context.Cause(ctx))
		}
	}
}

// usage returns the time that the server's processes have spent so far, and remembers how much memory they have.
func (s *server) usage() (time.Duration, error) {
	var spent time.Duration
	var rss float64
	pids := []int{s.pid}
	for len(pids) > 0 {
		pid := strconv.Itoa(pids[0])
		pids = pids[1:]
		dir := filepath.Join("/proc", pid)
		stat, err := os.ReadFile(filepath.Join(dir, "stat"))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", s.name, err)
		}
		p, err := parseStat(string(stat))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", s.name, err)
		}
		spent += p.spent
		rss += p.rss
		children, err := os.ReadFile(filepath.Join(dir, "task", pid, "children"))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", s.name, err)
		}
		for field := range strings.FieldsSeq(string(children)) {
			child, err := strconv.Atoi(field)
			if err != nil {
				return 0, fmt.Errorf("%s: %w", s.name, err)
			}
			pids = append(pids, child)
		}
	}
	s.rss = max(s.rss, rss)
	return spent, nil
}

// A process is what the kernel tells of one.
type process struct {
	spent time.Duration
	rss   float64 // MiB
}

// parseStat reads /proc/PID/stat: see proc_pid_stat(5). The unit of times is a hundredth of a second on every Linux there is.
func parseStat(text string) (process, error) {
	const utime, stime, rss = 14 - 3, 15 - 3, 24 - 3 // after the name, which may have spaces
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) <= rss {
		return process{}, fmt.Errorf("invalid process status %q", text)
	}
	var numbers [rss + 1]int64
	for _, i := range []int{utime, stime, rss} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return process{}, fmt.Errorf("invalid process status %q: %w", text, err)
		}
		numbers[i] = n
	}
	return process{
		spent: time.Duration(numbers[utime]+numbers[stime]) * 10 * time.Millisecond,
		rss:   float64(numbers[rss]) * float64(os.Getpagesize()) / (1 << 20),
	}, nil
}
