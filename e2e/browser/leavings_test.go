package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/e2e/program"
)

// leavings says what a browser has on this machine.
type leavings struct {
	Dir    string
	Groups []int // process groups
}

func leavingsOf(b Browser) leavings {
	var c *program.Cage
	switch b := b.(type) {
	case *chromium:
		c = b.cage
	case *firefox:
		c = b.cage
	case *webkit:
		c = b.cage
	}
	return leavings{Dir: c.Dir(), Groups: c.Groups()}
}

// remain returns what is still there: the directory, and processes that belong to the groups, were told of the
// directory in their environment, or both. Zombies do not count: whoever adopted them must reap them.
func (l leavings) remain(t *testing.T) []string {
	t.Helper()
	var found []string
	if _, err := os.Stat(l.Dir); err == nil {
		found = append(found, l.Dir)
	}
	procs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, proc := range procs {
		stat, err := os.ReadFile(proc + "/stat")
		if err != nil {
			continue // it has just ended
		}
		// After the name in parentheses: state, parent, process group.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		environ, _ := os.ReadFile(proc + "/environ")
		ours := strings.Contains(string(environ), l.Dir)
		for _, id := range l.Groups {
			ours = ours || fields[2] == strconv.Itoa(id)
		}
		if ours && fields[0] != "Z" && fields[0] != "X" {
			found = append(found, string(stat))
		}
	}
	return found
}

func (l leavings) waitGone(t *testing.T) {
	t.Helper()
	var found []string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if found = l.remain(t); len(found) == 0 {
			return
		}
	}
	t.Errorf("got left behind %q, want nothing", found)
}

func TestCloseLeavesNothing(t *testing.T) {
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			Require(t, engine)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			b, err := Start(ctx, engine, Options{})
			if err != nil {
				t.Fatal(err)
			}
			l := leavingsOf(b)
			if len(l.remain(t)) < 3 { // directory, keeper, browser
				t.Errorf("got %q while the browser runs, want more: does this test see anything?", l.remain(t))
			}
			cancel()
			l.waitGone(t)
			if err := b.Close(); err != nil {
				t.Errorf("got %v from Close after the context ended, want nothing", err)
			}
			if _, err := b.Eval(t.Context(), `return 1`); err == nil {
				t.Error("got no error from Eval after the end")
			}
		})
	}
}

// dieWithBrowser names, in the environment, the engine that a child of this test starts before it is killed.
const dieWithBrowser = "CONCORS_TEST_DIE_WITH"

func TestDeathLeavesNothing(t *testing.T) {
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			Require(t, engine)
			child := exec.Command(os.Args[0], "-test.run=^TestDie$")
			child.Env = append(os.Environ(), dieWithBrowser+"="+string(engine))
			child.Stderr = os.Stderr
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadBytes('\n')
			var l leavings
			if err == nil {
				err = json.Unmarshal(line, &l)
			}
			child.Process.Kill()
			child.Wait()
			if err != nil {
				t.Fatalf("read %q from the child: %v", line, err)
			}
			l.waitGone(t)
		})
	}
}

// TestDie is the child in TestDeathLeavesNothing and does nothing elsewhere.
func TestDie(t *testing.T) {
	engine := Engine(os.Getenv(dieWithBrowser))
	if engine == "" {
		return
	}
	b, err := Start(t.Context(), engine, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(leavingsOf(b)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute) // until killed
}
