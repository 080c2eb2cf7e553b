// Package program finds, starts and removes the programs of this machine that tests drive: browsers and servers. They run
// on Linux only.
package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// A Cage holds everything that a program has on this machine, processes and files, so that all of it can be removed
// together. A keeper, a shell that waits for the end of its input, does the same if this process dies first, whether
// by a panic, a test timeout or a signal. Its methods may be called concurrently.
type Cage struct {
	dir string // fresh, for profiles, homes, sockets, configuration

	keeper     *exec.Cmd
	keeperSays io.WriteCloser // takes the id of every process group
	output     tail
	stop       func() bool

	mu     sync.Mutex
	closed bool
	procs  []*Process
}

// A Process leads a process group, and a session, of its own.
type Process struct {
	Gone <-chan struct{} // closed when it has ended
	id   int
}

const keeperScript = `
groups=
while read -r id; do groups="$groups -$id"; done
[ -z "$groups" ] || kill -KILL -- $groups
sleep 0.2
rm -rf -- "$1"
`

// NewCage returns an empty Cage that closes itself when ctx ends.
func NewCage(ctx context.Context) (*Cage, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.New("programs are driven on linux only")
	}
	dir, err := os.MkdirTemp("", "concors-")
	if err != nil {
		return nil, err
	}
	c := &Cage{dir: dir, keeper: exec.Command("/bin/sh", "-c", keeperScript, "keeper", dir)}
	detach(c.keeper)
	c.keeperSays, err = c.keeper.StdinPipe()
	if err == nil {
		err = c.keeper.Start()
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("start the keeper: %w", err)
	}
	c.stop = context.AfterFunc(ctx, func() { c.Close() })
	return c, nil
}

// Dir is the directory of the cage, which only this user can read.
func (c *Cage) Dir() string { return c.dir }

// Groups returns the ids of the process groups in the cage, the keeper's first.
func (c *Cage) Groups() []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	ids := []int{c.keeper.Process.Pid}
	for _, p := range c.procs {
		ids = append(ids, p.id)
	}
	return ids
}

// Mkdir makes a directory in the cage that only this user can read.
func (c *Cage) Mkdir(name string) (string, error) {
	path := filepath.Join(c.dir, name)
	return path, os.Mkdir(path, 0o700)
}

// Start starts cmd in the cage. If nothing reads its standard output or error, the cage does.
func (c *Cage) Start(cmd *exec.Cmd) (*Process, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, context.Canceled
	}
	detach(cmd)
	dieWithParent(cmd)
	if cmd.Stdout == nil {
		cmd.Stdout = &c.output
	}
	if cmd.Stderr == nil {
		cmd.Stderr = &c.output
	}
	cmd.WaitDelay = time.Second // a grandchild may hold the output open

	gone := make(chan struct{})
	started := make(chan error)
	go func() {
		// The kernel takes the end of this thread for the end of the parent.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
			close(gone)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	p := &Process{Gone: gone, id: cmd.Process.Pid}
	c.procs = append(c.procs, p)
	if _, err := fmt.Fprintln(c.keeperSays, cmd.Process.Pid); err != nil {
		return nil, fmt.Errorf("tell the keeper: %w", err)
	}
	return p, nil
}

// Run starts cmd like Start and waits until it has ended. It is an error if it does not succeed. When ctx ends first, cmd
// is left to the end of the cage.
func (c *Cage) Run(ctx context.Context, cmd *exec.Cmd) error {
	p, err := c.Start(cmd)
	if err != nil {
		return err
	}
	select {
	case <-p.Gone:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if !cmd.ProcessState.Success() {
		return fmt.Errorf("%s: %s", filepath.Base(cmd.Path), cmd.ProcessState)
	}
	return nil
}

// Close kills every process group and removes the files. It does nothing the second time.
func (c *Cage) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	c.stop()
	for _, p := range c.procs {
		killGroup(p.id)
	}
	for _, p := range c.procs {
		<-p.Gone
	}
	err := c.removeFiles()
	c.keeper.Process.Kill()
	c.keeperSays.Close()
	c.keeper.Wait()
	return err
}

// removeFiles removes the directory. Killed processes that are not our children may write for a moment yet.
func (c *Cage) removeFiles() error {
	const attempts = 20
	var err error
	for range attempts {
		if err = os.RemoveAll(c.dir); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("remove the files: %w", err)
}

// LastWords returns the end of what the processes printed.
func (c *Cage) LastWords() string { return strings.TrimSpace(c.output.String()) }

// Environ is the environment for every process in the cage: nothing of the user's session, no proxy, messages in
// English, and what more the caller adds.
func (c *Cage) Environ(more ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + c.dir,
		"XDG_RUNTIME_DIR=" + c.dir,
		"XDG_CACHE_HOME=" + filepath.Join(c.dir, "cache"),
		"XDG_CONFIG_HOME=" + filepath.Join(c.dir, "config"),
		"TMPDIR=" + c.dir,
		"LANG=C.UTF-8",
		"LANGUAGE=en",
		// An unusable address, or a bus would be launched that nothing here would stop.
		"DBUS_SESSION_BUS_ADDRESS=disabled:",
		"NO_AT_BRIDGE=1",
		"GSETTINGS_BACKEND=memory",
	}, more...)
}

// A tail keeps the last bytes written to it. Its methods may be called concurrently.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - tailBytes; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}
