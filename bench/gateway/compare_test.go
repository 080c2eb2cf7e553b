package gateway_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/bench/internal/figures"
	"github.com/concors/concors/e2e/program"
)

var (
	rounds  = flag.Int("rounds", 0, "how often every pair is measured; 0 measures nothing")
	slice   = flag.Duration("slice", time.Second, "how long each side of a pair is measured in a round, in whole seconds")
	length  = flag.Duration("profile", 10*time.Second, "how long a profile is, in whole seconds; 0 for none")
	cores   = flag.String("cores", "0,1", "the core of the gateways, and that of what asks and answers them")
	only    = flag.String("peers", "", "measure these alone, separated by commas; nginx and the gateway of ours always are")
	gogc    = flag.Int("gogc", 400, "GOGC where Caddy and the gateway of ours have the same")
	garbage = flag.String("garbage", "100,400,800", "the values of GOGC that the gateway of ours is also measured with")
	file    = flag.String("report", "", "the file that has the tables, to put the new ones in")
)

// Between these lines of the file stands what is generated.
const (
	begin = "<!-- measured: make bench-gateway REPORT=docs/performance.md -->"
	end   = "<!-- end of what is measured -->"
)

// start makes a comparison that has nothing to compare yet, or skips the test.
func start(t *testing.T) *comparison {
	if *rounds == 0 {
		t.Skip("make bench-gateway")
	}
	if *slice < time.Second || *slice%time.Second != 0 || *length%time.Second != 0 {
		t.Fatalf("invalid -slice %s or -profile %s: wrk and pprof count whole seconds", *slice, *length)
	}
	gatewayCore, loadCore, ok := strings.Cut(*cores, ",")
	if !ok || gatewayCore == loadCore {
		t.Fatalf("invalid -cores %q: want two numbers", *cores)
	}
	if _, err := program.Find("wrk", "wrk", "wrk"); err != nil {
		t.Fatal(err)
	}
	s, err := newStable(t.Context(), gatewayCore, loadCore)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cage.Close() })
	return &comparison{stable: s}
}

// TestCompare measures every peer beside nginx, and the gateway of ours beside Caddy and beside itself.
func TestCompare(t *testing.T) {
	c := start(t)
	if err := c.gather(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.run(t.Context()); err != nil {
		t.Fatalf("%v\nthe last that was said:\n%s", err, c.stable.cage.LastWords())
	}
	if *file == "" {
		return
	}
	if err := c.WriteInto(*file, begin, end); err != nil {
		t.Fatal(err)
	}
}

// A comparison is a run of everything.
type comparison struct {
	figures.Report
	stable   *stable
	kinds    []kind
	entrants []*entrant
	missing  []error // peers that are not there
	beside   []*pair // the gateway of ours beside Caddy, and beside itself otherwise configured
	profiles []*side // of which there will be profiles
}

// A kind of work that every peer is measured at.
type kind struct {
	name string
	load *load
	cors bool // whether the peer has the policy
}

func kinds() []kind {
	pages, paths := []string{page}, []string{target}
	return []kind{
		{"Preflights", preflights(pages, paths), true},
		{"GETs with CORS", gets(pages, paths), true},
		{"GETs without CORS", gets(pages, paths), false},
	}
}

// An entrant is a peer that is there.
type entrant struct {
	peer    *peer
	version string
	verdict verdict
	sides   []*side // for each kind
	pairs   []*pair // with the control; none for the control itself
}

// gather gets and starts every peer, and looks at what it answers.
func (c *comparison) gather(ctx context.Context) error {
	c.kinds = kinds()
	all := peers()
	for i := range all {
		p := &all[i]
		if *only != "" && p.name != control && p.name != ours && !slices.Contains(strings.Split(*only, ","), p.name) {
			continue
		}
		err := c.enter(ctx, p)
		if _, ok := errors.AsType[*program.MissingError](err); ok {
			c.missing = append(c.missing, err)
		} else if err != nil {
			return err
		}
	}
	mine, other := c.entrant(ours), c.entrant("caddy")
	if mine == nil {
		return nil
	}
	if other != nil {
		if err := c.besideCaddy(ctx, mine.peer, other.peer); err != nil {
			return err
		}
	}
	if err := c.besideItself(ctx, mine); err != nil {
		return err
	}
	for _, e := range []*entrant{mine, other} {
		if e == nil {
			continue
		}
		if err := c.profile(ctx, e.peer); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) entrant(name string) *entrant {
	i := slices.IndexFunc(c.entrants, func(e *entrant) bool { return e.peer.name == name })
	if i < 0 {
		return nil
	}
	return c.entrants[i]
}

// enter makes a peer ready to be compared with the control, which is the first.
func (c *comparison) enter(ctx context.Context, p *peer) error {
	if p.make != nil {
		fmt.Printf("building %s\n", p.name)
		if err := p.make(ctx); err != nil {
			return err
		}
	}
	found, err := p.find()
	if err != nil {
		return err
	}
	e := &entrant{peer: p}
	if e.version, err = p.describe(ctx, found); err != nil {
		return err
	}
	cors, err := c.start(ctx, p, p.name, site{policy: few()}, page, target, &e.verdict)
	if err != nil {
		return err
	}
	plain, err := c.start(ctx, p, p.name+" without CORS", site{}, page, target, &e.verdict)
	if err != nil {
		return err
	}
	for i, k := range c.kinds {
		sd := &side{server: plain, load: k.load}
		if k.cors {
			sd.server = cors
		}
		e.sides = append(e.sides, sd)
		if len(c.entrants) > 0 {
			e.pairs = append(e.pairs, &pair{name: k.name, a: sd, b: c.entrants[0].sides[i]})
		}
	}
	c.entrants = append(c.entrants, e)
	return nil
}

// start starts a server and adds what is to say about its answers. That of ours and the control must have no fault.
func (c *comparison) start(ctx context.Context, p *peer, name string, at site, from, path string, v *verdict) (*server, error) {
	sv, err := c.stable.gateway(ctx, name, p, at)
	if err != nil {
		return nil, err
	}
	said, err := judge(ctx, sv, from, path)
	if err != nil {
		return nil, err
	}
	if len(said.faults) > 0 && (p.name == ours || p.name == control) {
		return nil, fmt.Errorf("%s answers wrongly: %q", name, said.faults)
	}
	v.faults = append(v.faults, said.faults...)
	v.notes = append(v.notes, said.notes...)
	return sv, nil
}

// besideCaddy measures the gateway of ours beside Caddy, with the same garbage collection.
func (c *comparison) besideCaddy(ctx context.Context, mine, other *peer) error {
	var servers [2][2]*server // of each, without CORS and with it
	for i, p := range []*peer{mine, other} {
		for j, policy := range []*policy{nil, few()} {
			name := fmt.Sprintf("%s, GOGC=%d", p.name, *gogc)
			sv, err := c.start(ctx, p, name, site{policy: policy, gogc: *gogc}, page, target, &verdict{})
			if err != nil {
				return err
			}
			servers[i][j] = sv
		}
	}
	for _, k := range c.kinds {
		j := 0
		if k.cors {
			j = 1
		}
		c.beside = append(c.beside, &pair{name: k.name, a: &side{server: servers[0][j], load: k.load}, b: &side{server: servers[1][j], load: k.load}})
	}
	return nil
}

// besideItself measures the gateway of ours with much to configure beside little, and with other garbage collection beside its
// own.
func (c *comparison) besideItself(ctx context.Context, mine *entrant) error {
	var sides [2][2]*side
	for i, sc := range []scale{{1000, 100_000}, {10, 10}} {
		p, paths := sc.policy(), sc.paths()
		name := fmt.Sprintf("%d routes, %d origins", sc.routes, sc.origins)
		sv, err := c.start(ctx, mine.peer, name, site{policy: p, routes: sc.prefixes()}, p.origins[sc.origins/2], paths[sc.routes/2], &verdict{})
		if err != nil {
			return err
		}
		sides[i] = [2]*side{{server: sv, load: preflights(p.origins, paths)}, {server: sv, load: gets(p.origins, paths)}}
	}
	for i, k := range c.kinds[:2] {
		c.beside = append(c.beside, &pair{name: k.name, a: sides[0][i], b: sides[1][i]})
	}
	for text := range strings.SplitSeq(*garbage, ",") {
		percent, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("invalid -garbage %q: %w", *garbage, err)
		}
		sv, err := c.start(ctx, mine.peer, fmt.Sprintf("GOGC=%d", percent), site{policy: few(), gogc: percent}, page, target, &verdict{})
		if err != nil {
			return err
		}
		for i, k := range c.kinds[:2] {
			c.beside = append(c.beside, &pair{name: k.name, a: &side{server: sv, load: k.load}, b: &side{server: mine.sides[i].server, load: k.load}})
		}
	}
	return nil
}

// profile starts a peer so that it can be profiled, for what it does with a policy.
func (c *comparison) profile(ctx context.Context, p *peer) error {
	admin, err := freeAddress()
	if err != nil {
		return err
	}
	sv, err := c.start(ctx, p, p.name, site{policy: few(), gogc: *gogc, admin: admin}, page, target, &verdict{})
	if err != nil {
		return err
	}
	for _, k := range c.kinds[:2] {
		c.profiles = append(c.profiles, &side{server: sv, load: k.load})
	}
	return nil
}

// run measures all pairs, round by round, and reports.
func (c *comparison) run(ctx context.Context) error {
	var all []*pair
	for _, e := range c.entrants {
		all = append(all, e.pairs...)
	}
	all = append(all, c.beside...)
	start := time.Now()
	for round := range *rounds + 1 {
		for _, p := range all {
			if err := p.run(ctx, c.stable, *slice); err != nil {
				return err
			}
		}
		if round == 0 { // in which programs warm up
			for _, p := range all {
				p.warm()
			}
		}
		fmt.Printf("round %d of %d, %s\n", round, *rounds, time.Since(start).Round(time.Second))
	}
	c.answers()
	for i := range c.kinds {
		c.kind(i)
	}
	c.memory()
	c.besides()
	return c.shares(ctx)
}
