package browser

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

// A cage holds everything that a browser has on this machine, processes and files, so that all of it can be removed
// together. A keeper, a shell that waits for the end of its input, does the same if this process dies first, whether
// by a panic, a test timeout or a signal.
type cage struct {
	dir string // fresh, for profiles, homes, sockets

	keeper     *exec.Cmd
	keeperSays io.WriteCloser // takes the id of every process group
	output     tail
	stop       func() bool

	mu     sync.Mutex
	closed bool
	procs  []*process
}

// A process leads a process group, and a session, of its own.
type process struct {
	cmd  *exec.Cmd
	gone chan struct{} // closed when it has ended
}

const keeperScript = `
groups=
while read -r id; do groups="$groups -$id"; done
[ -z "$groups" ] || kill -KILL -- $groups
sleep 0.2
rm -rf -- "$1"
`

// newCage returns an empty cage that closes itself when ctx ends.
func newCage(ctx context.Context) (*cage, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.New("browsers are driven on linux only")
	}
	dir, err := os.MkdirTemp("", "concors-browser-")
	if err != nil {
		return nil, err
	}
	c := &cage{dir: dir, keeper: exec.Command("/bin/sh", "-c", keeperScript, "keeper", dir)}
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

// mkdir makes a directory in the cage that only this user can read.
func (c *cage) mkdir(name string) (string, error) {
	path := filepath.Join(c.dir, name)
	return path, os.Mkdir(path, 0o700)
}

// start starts cmd in the cage. If nothing reads its standard output or error, the cage does.
func (c *cage) start(cmd *exec.Cmd) (*process, error) {
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

	p := &process{cmd: cmd, gone: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel takes the end of this thread for the end of the parent.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
			close(p.gone)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	c.procs = append(c.procs, p)
	if _, err := fmt.Fprintln(c.keeperSays, cmd.Process.Pid); err != nil {
		return nil, fmt.Errorf("tell the keeper: %w", err)
	}
	return p, nil
}

// Close kills every process group and removes the files. It does nothing the second time.
func (c *cage) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	c.stop()
	for _, p := range c.procs {
		killGroup(p.cmd.Process.Pid)
	}
	for _, p := range c.procs {
		<-p.gone
	}
	err := c.removeFiles()
	c.keeper.Process.Kill()
	c.keeperSays.Close()
	c.keeper.Wait()
	return err
}

// removeFiles removes the directory. Killed processes that are not our children may write for a moment yet.
func (c *cage) removeFiles() error {
	const attempts = 20
	var err error
	for range attempts {
		if err = os.RemoveAll(c.dir); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("remove the profile: %w", err)
}

// lastWords returns the end of what the processes printed.
func (c *cage) lastWords() string { return strings.TrimSpace(c.output.String()) }

// environ is the environment of every process in a cage: nothing of the user's session, no proxy, messages in
// English.
func (c *cage) environ(more ...string) []string {
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

const tailBytes = 2 << 10

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
