package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// inspector speaks the WebKit Inspector Protocol over a websocket. Only the Target domain is spoken with the browser;
// commands for a page travel inside its messages, and a tab has a new page whenever a navigation changes the process.
//
// https://github.com/WebKit/WebKit/tree/main/Source/JavaScriptCore/inspector/protocol
type inspector struct {
	conn    *websocket.Conn
	outer   pending // commands of the Target domain
	inner   pending // commands for pages
	prepare []inspectorCommand
	event   func(inspectorEvent) // called for one event at a time; must not wait for an answer

	mu   sync.Mutex
	page string        // the id of the tab's page, "" before there is one
	born chan struct{} // closed when there is
}

type inspectorCommand struct {
	Method string `json:"method"`
	Params any    `json:"params,omitempty"`
}

type inspectorEvent struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// maxInspectorBytes bounds one message from the browser.
const maxInspectorBytes = 64 << 20

// dialInspector connects to one tab. Every page that comes to be in it is sent the commands in prepare first.
func dialInspector(ctx context.Context, url string, prepare []inspectorCommand,
	event func(inspectorEvent)) (*inspector, error) {
	conn, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(maxInspectorBytes)
	in := &inspector{conn: conn, prepare: prepare, event: event, born: make(chan struct{})}
	go in.read()
	select {
	case <-in.born:
		return in, nil
	case <-ctx.Done():
		conn.CloseNow()
		return nil, fmt.Errorf("wait for a page: %w", context.Cause(ctx))
	}
}

// read hands out answers and events until the connection ends, which is when the browser does.
func (in *inspector) read() {
	defer in.conn.CloseNow()
	for {
		_, data, err := in.conn.Read(context.Background())
		if err == nil {
			err = dispatch(&in.outer, data, in.onTarget)
		}
		if err != nil {
			in.outer.fail(err)
			in.inner.fail(err)
			return
		}
	}
}

// dispatch hands one message, an answer or an event, to whom it concerns.
func dispatch(p *pending, data []byte, event func(inspectorEvent)) error {
	var message struct {
		ID    int `json:"id"`
		Error *struct {
			Message string `json:"message"`
		} `json:"error"`
		Result json.RawMessage `json:"result"`
		inspectorEvent
	}
	if err := json.Unmarshal(data, &message); err != nil {
		return err
	}
	switch {
	case message.ID == 0:
		event(message.inspectorEvent)
	case message.Error != nil:
		p.settle(message.ID, reply{err: errors.New(message.Error.Message)})
	default:
		p.settle(message.ID, reply{result: message.Result})
	}
	return nil
}

// onTarget follows the tab from page to page.
func (in *inspector) onTarget(e inspectorEvent) {
	var params struct {
		TargetInfo struct {
			ID          string `json:"targetId"`
			Type        string
			Provisional bool `json:"isProvisional"`
		}
		Message, NewTargetID string
	}
	if json.Unmarshal(e.Params, &params) != nil {
		return
	}
	switch e.Method {
	case "Target.targetCreated":
		target := params.TargetInfo
		if target.Type != "page" {
			return
		}
		for _, command := range in.prepare {
			id, _ := in.inner.add()
			in.sendPage(target.ID, id, command) // if it fails, so does the read that follows
		}
		if !target.Provisional {
			in.turnTo(target.ID)
		}
	case "Target.didCommitProvisionalTarget":
		in.turnTo(params.NewTargetID)
	case "Target.dispatchMessageFromTarget":
		// A message that cannot be read has no one to go to.
		dispatch(&in.inner, []byte(params.Message), in.event)
	}
}

func (in *inspector) turnTo(page string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.page == "" {
		close(in.born)
	}
	in.page = page
}

// current returns the id of the tab's page.
func (in *inspector) current() string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.page
}

// call sends a command to the tab's page and waits for its result, which is decoded into result unless that is nil.
func (in *inspector) call(ctx context.Context, method string, params, result any) error {
	id, ch := in.inner.add()
	err := in.sendPage(in.current(), id, inspectorCommand{method, params})
	if err == nil {
		done := make(chan struct{})
		go in.nudge(done)
		err = in.inner.wait(ctx, id, ch, result)
		close(done)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// nudge sends commands that change nothing, ever more rarely, until done. Inside the browser each message takes a hop
// over TCP, on which the kernel holds back a page's answer until the one before it is acknowledged. As long as nothing
// else goes the other way that takes 40 ms, twice for each Eval.
func (in *inspector) nudge(done chan struct{}) {
	for pause := time.Millisecond; pause < 100*time.Millisecond; pause *= 2 {
		select {
		case <-done:
			return
		case <-time.After(pause):
			const nobody = 0 // no command has this id, so the answer is dropped
			in.send(nobody, "Target.setPauseOnStart", map[string]any{"pauseOnStart": false})
		}
	}
}

// sendPage sends a command to a page.
func (in *inspector) sendPage(page string, id int, command inspectorCommand) error {
	message, err := json.Marshal(struct {
		ID int `json:"id"`
		inspectorCommand
	}{id, command})
	if err != nil {
		return err
	}
	outer, _ := in.outer.add()
	return in.send(outer, "Target.sendMessageToTarget", map[string]any{"targetId": page, "message": string(message)})
}

// send sends a command to the browser. It takes no context: the browser is on this machine, and a write that is given
// up would cost the connection.
func (in *inspector) send(id int, method string, params any) error {
	data, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return in.conn.Write(ctx, websocket.MessageText, data)
}
