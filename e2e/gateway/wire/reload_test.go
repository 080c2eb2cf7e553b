package wire_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

var reloads = flag.Int("reloads", 30, "how often the policy file changes under load")

// The load: connections of HTTP/1.1, with and without TLS, and streams on each of those of HTTP/2. Each waits a moment between
// two requests, pause on average.
const (
	plainConnections = 12
	tlsConnections   = 12
	h2Connections    = 4
	h2Streams        = 4
	pause            = 20 * time.Millisecond
)

// The policy file alternates between two states, which differ in all that an answer shows: the policy, the headers of the route
// and the upstream. So an answer that is a mixture of the two is that of neither.
type state int

const (
	even state = iota
	odd
	changing // one of the two, and it is not known which
)

func (s state) String() string { return [...]string{"even", "odd", "changing"}[s] }

// policy is the file in a state.
func policy(s state, upstreams [2]string) string {
	method := [...]string{"PUT", "PATCH"}[s]
	return fmt.Sprintf(`version: 1
policies:
  app:
    origins: [https://%[1]s.example]
    methods: [%[2]s]
    request_headers: [X-Name]
    response_headers: [X-%[1]s]
    credentials: true
routes:
  - path: /
    policy: app
    upstream: %[3]s
    set_response_headers: {X-State: %[1]s}
gateway:
  tls: {certificate: cert.pem, key: key.pem}
environments:
  plain: {gateway: {tls: none}}
`, s, method, upstreams[s])
}

// upstream answers with its name. It takes its time for /slow, between the two halves of its answer.
func upstream(t *testing.T, s state) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Answered-By", s.String())
		fmt.Fprint(w, s)
		if r.URL.Path == "/slow" {
			http.NewResponseController(w).Flush()
			time.Sleep(700 * time.Millisecond)
		}
		fmt.Fprint(w, s)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A question is one of the requests of the load, with what each state answers to it.
type question struct {
	request
	want [2]string
}

func questions() []question {
	var list []question
	for _, page := range []state{even, odd} {
		origin := fmt.Sprintf("https://%s.example", page)
		for _, path := range []string{"/", "/slow"} {
			q := question{request: request{"GET", path, [][2]string{{"Origin", origin}}}}
			for _, s := range []state{even, odd} {
				q.want[s] = fmt.Sprintf("200 origin=[] credentials=[] expose=[] methods=[] state=%[1]s by=%[1]s body=%[1]s%[1]s", s)
				if s == page {
					q.want[s] = fmt.Sprintf("200 origin=%[2]s credentials=true expose=x-%[1]s methods=[] state=%[1]s by=%[1]s body=%[1]s%[1]s", s, origin)
				}
			}
			list = append(list, q)
		}
		method := [...]string{"PUT", "PATCH"}[page]
		q := question{request: request{"OPTIONS", "/", [][2]string{{"Origin", origin}, {"Access-Control-Request-Method", method}}}}
		for _, s := range []state{even, odd} {
			q.want[s] = "403 origin=[] credentials=[] expose=[] methods=[] state=[] by=[] body="
			if s == page {
				q.want[s] = fmt.Sprintf("204 origin=%s credentials=true expose=[] methods=%s state=[] by=[] body=", origin, method)
			}
		}
		list = append(list, q)
	}
	return list
}

// shown is an answer as questions have it.
func shown(a *answer) string {
	return fmt.Sprintf("%d origin=%s credentials=%s expose=%s methods=%s state=%s by=%s body=%s", a.status,
		a.one("Access-Control-Allow-Origin"), a.one("Access-Control-Allow-Credentials"), strings.ToLower(a.one("Access-Control-Expose-Headers")),
		a.one("Access-Control-Allow-Methods"), a.one("X-State"), a.one("X-Answered-By"), a.body)
}

// A load asks until it is stopped, and counts.
type load struct {
	served  [2]atomic.Int64 // what the gateways serve, TLS and plain: a state, and how often it was set in the bits above
	answers atomic.Int64
	certain atomic.Int64 // answers of which it was known which of the states they had to be of

	mu       sync.Mutex
	failures map[string]int
}

func (l *load) set(gateway int, s state) {
	l.served[gateway].Store(l.served[gateway].Load()&^3 + 4 + int64(s))
}

func (l *load) fail(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures[what]++
}

// run keeps asking on one connection; it makes another one only after a failure.
func (l *load) run(ctx context.Context, gateway int, dial func() (client, error), streams int) {
	for ctx.Err() == nil {
		c, err := dial()
		if err != nil {
			l.fail("dial: " + kind(err))
			return
		}
		var failed atomic.Bool
		var all sync.WaitGroup
		for range streams {
			all.Go(func() {
				for ctx.Err() == nil && !failed.Load() {
					if !l.ask(gateway, c) {
						failed.Store(true)
					}
					time.Sleep(rand.N(2 * pause))
				}
			})
		}
		all.Wait()
		c.close()
	}
}

// ask asks one question and reports whether it was answered.
func (l *load) ask(gateway int, c client) bool {
	list := questions()
	q := list[rand.IntN(len(list))]
	if q.path == "/slow" && rand.IntN(20) > 0 {
		q = list[0]
	}
	before := l.served[gateway].Load()
	a, err := c.ask(context.Background(), &q.request)
	after := l.served[gateway].Load()
	if err != nil {
		l.fail(kind(err))
		return false
	}
	l.answers.Add(1)
	got := shown(a)
	switch s := state(before & 3); {
	case before == after && s != changing:
		l.certain.Add(1)
		if got != q.want[s] {
			l.fail(fmt.Sprintf("got %s, want %s", got, q.want[s]))
		}
	case got != q.want[even] && got != q.want[odd]:
		l.fail("of neither state: " + got)
	}
	return true
}

// TestReload changes the policy file under load. Each answer is that of one of the two files, whole: the one that is served,
// wherever that is known. Files that are not good change nothing, whatever else becomes of them.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "concors.yaml")
	trusted := certificate(t, dir)
	upstreams := [2]string{upstream(t, even), upstream(t, odd)}
	write(t, file, policy(even, upstreams))
	gateways := []*gateway{start(t, file), start(t, file, "--env", "plain")}

	l := &load{failures: map[string]int{}}
	ctx, cancel := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	stop := func() { cancel(); clients.Wait() }
	defer stop()
	for range tlsConnections {
		clients.Go(func() { l.run(ctx, 0, func() (client, error) { return dialPlain(gateways[0].addr, trusted) }, 1) })
	}
	for range h2Connections {
		clients.Go(func() {
			l.run(ctx, 0, func() (client, error) { return dialMultiplexed(gateways[0].addr, trusted) }, h2Streams)
		})
	}
	for range plainConnections {
		clients.Go(func() { l.run(ctx, 1, func() (client, error) { return dialPlain(gateways[1].addr, nil) }, 1) })
	}

	var took []time.Duration
	bad := map[string]int{}
	now := even
	for i := range *reloads {
		if what := spoil(t, file, policy(1-now, upstreams), i); what != "" {
			bad[what]++
			told(t, gateways, "; what was served before stays\n")
			time.Sleep(3 * pause) // under load, to see that nothing has changed
		}
		for g := range gateways {
			l.set(g, changing)
		}
		next := 1 - now
		from := sizes(gateways)
		if i%3 == 0 {
			write(t, file+".new", policy(next, upstreams))
			if err := os.Rename(file+".new", file); err != nil {
				t.Fatal(err)
			}
		} else {
			write(t, file, policy(next, upstreams))
		}
		written := time.Now()
		for g := range gateways {
			waitFor(t, fmt.Sprintf("reload %d of gateway %d", i+1, g), func() bool {
				return strings.Contains(gateways[g].log.since(from[g]), "read again, and served\n")
			})
			took = append(took, time.Since(written))
			l.set(g, next)
		}
		now = next
		time.Sleep(3 * pause)
	}
	stop()

	slices.Sort(took)
	median, worst := took[len(took)/2], took[len(took)-1]
	t.Logf("%d reloads and %v bad files: %d answers, of which %d had to be of the one file; a reload took %v, %v at most", *reloads, bad,
		l.answers.Load(), l.certain.Load(), median.Round(time.Millisecond), worst.Round(time.Millisecond))
	for _, what := range slices.Sorted(maps.Keys(l.failures)) {
		t.Errorf("%d times: %s", l.failures[what], what)
	}
	if least := int64(*reloads) * 100; l.certain.Load() < least/4 || l.answers.Load() < least/2 {
		t.Errorf("got %d answers, %d of them certain, want more load than that", l.answers.Load(), l.certain.Load())
	}
	if median > time.Second {
		t.Errorf("got %v for a reload, want a second at most", median)
	}
	for _, g := range gateways {
		if strings.Contains(g.log.String(), "panic") {
			t.Errorf("got a panic: %s", &g.log)
		}
	}
}

func sizes(gateways []*gateway) (list []int) {
	for _, g := range gateways {
		list = append(list, g.log.size())
	}
	return list
}

// told waits until every gateway has told something last.
func told(t *testing.T, gateways []*gateway, what string) {
	t.Helper()
	for i, g := range gateways {
		waitFor(t, fmt.Sprintf("that gateway %d tells %q", i, what), func() bool { return strings.HasSuffix(g.log.String(), what) })
	}
}

// spoil makes the file one that is not good at some of the changes, and says what became of it.
func spoil(t *testing.T, file, text string, i int) string {
	t.Helper()
	switch i % 10 {
	case 2:
		write(t, file, text[:strings.Index(text, "set_response_headers")+5])
		return "half written"
	case 5:
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		return "vanished"
	case 7:
		// A moment only: it may be seen or not, and there is nothing to wait for.
		write(t, file, text[:len(text)/2])
		time.Sleep(time.Millisecond)
		return ""
	case 9:
		write(t, file, strings.Replace(text, "origins: [https://", "origins: [*, https://", 1))
		return "invalid"
	}
	return ""
}

// TestHangup reads the file again at once: the good one is served, the bad one is not.
func TestHangup(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "concors.yaml")
	upstreams := [2]string{upstream(t, even), upstream(t, odd)}
	write(t, file, policy(even, upstreams))
	g := start(t, file, "--env", "plain")
	c, err := dialPlain(g.addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, row := range []struct {
		name, text, log string
		want            state
	}{
		{"the same", policy(even, upstreams), "read again, and served", even},
		{"another", policy(odd, upstreams), "read again, and served", odd},
		{"bad", policy(even, upstreams) + "polices: {}\n", "what was served before stays", odd},
		{"good again", policy(even, upstreams), "read again, and served", even},
	} {
		t.Run(row.name, func(t *testing.T) {
			from := g.log.size()
			write(t, file, row.text)
			g.signal(t, syscall.SIGHUP)
			q := questions()[0]
			// The gateway sees by itself too that the file has changed, so the line in the log may be about the one before.
			waitFor(t, row.log+", and "+row.want.String(), func() bool {
				a, err := c.ask(t.Context(), &q.request)
				if err != nil {
					t.Fatal(err)
				}
				return shown(a) == q.want[row.want] && strings.Contains(g.log.since(from), row.log)
			})
		})
	}
}
