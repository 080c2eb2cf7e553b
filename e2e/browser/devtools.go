package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"
)

// devtools speaks the Chrome DevTools Protocol over a pair of pipes: JSON messages, each ended by a zero byte. No port
// is opened that another program could reach.
//
// https://chromedevtools.github.io/devtools-protocol/
type devtools struct {
	pending pending
	event   func(devtoolsEvent) // called for one event at a time; must not wait for an answer

	mu sync.Mutex // for writing
	w  *os.File
}

type devtoolsEvent struct {
	Method  string          `json:"method"`
	Session string          `json:"sessionId"`
	Params  json.RawMessage `json:"params"`
}

// newDevtools adds the pipes to cmd, which must be started next, followed by a call of run.
func newDevtools(cmd *exec.Cmd) (d *devtools, run func(), err error) {
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		theirIn.Close()
		ourOut.Close()
		return nil, nil, err
	}
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4, as Chromium expects
	d = &devtools{w: ourOut, event: func(devtoolsEvent) {}}
	return d, func() {
		theirIn.Close()
		theirOut.Close()
		go d.read(ourIn)
	}, nil
}

// read hands out answers and events until the browser closes the pipe.
func (d *devtools) read(r *os.File) {
	defer d.w.Close()
	defer r.Close()
	br := bufio.NewReader(r)
	for {
		data, err := br.ReadBytes(0)
		if err != nil {
			d.pending.fail(err)
			return
		}
		var message struct {
			ID    int `json:"id"`
			Error *struct {
				Code    int    `json:"code"`
				Message string `json:"message"`
			} `json:"error"`
			Result json.RawMessage `json:"result"`
			devtoolsEvent
		}
		if err := json.Unmarshal(bytes.TrimSuffix(data, []byte{0}), &message); err != nil {
			d.pending.fail(err)
			return
		}
		switch {
		case message.ID == 0:
			d.event(message.devtoolsEvent)
		case message.Error != nil:
			d.pending.settle(message.ID, reply{err: fmt.Errorf("%s (%d)", message.Error.Message, message.Error.Code)})
		default:
			d.pending.settle(message.ID, reply{result: message.Result})
		}
	}
}

// call sends a command to a session, the browser itself if that is "", and waits for its result, which is decoded
// into result unless that is nil.
func (d *devtools) call(ctx context.Context, session, method string, params, result any) error {
	id, ch := d.pending.add()
	if err := d.write(id, session, method, params); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if err := d.pending.wait(ctx, id, ch, result); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// send sends a command whose answer nobody wants.
func (d *devtools) send(session, method string, params any) {
	id, _ := d.pending.add()
	// If the pipe is broken, read finds that too and tells everyone.
	d.write(id, session, method, params)
}

func (d *devtools) write(id int, session, method string, params any) error {
	if params == nil {
		params = struct{}{}
	}
	data, err := json.Marshal(struct {
		ID      int    `json:"id"`
		Session string `json:"sessionId,omitempty"`
		Method  string `json:"method"`
		Params  any    `json:"params"`
	}{id, session, method, params})
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, err = d.w.Write(append(data, 0))
	return err
}
