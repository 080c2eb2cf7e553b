package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
)

// marionette speaks Firefox's remote control protocol: arrays of JSON, each preceded by its length and a colon, over
// a TCP connection.
//
// https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
type marionette struct {
	pending pending

	mu   sync.Mutex // for writing
	conn net.Conn
}

// maxMarionetteBytes bounds one message from the browser.
const maxMarionetteBytes = 64 << 20

// dialMarionette connects to the browser that listens on addr and reads its greeting.
func dialMarionette(ctx context.Context, addr string) (*marionette, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	m := &marionette{conn: conn}
	br := bufio.NewReader(conn)
	data, err := readMarionette(br)
	if err != nil {
		conn.Close()
		return nil, err
	}
	var greeting struct {
		Protocol int `json:"marionetteProtocol"`
	}
	if err := json.Unmarshal(data, &greeting); err != nil || greeting.Protocol != 3 {
		conn.Close()
		return nil, fmt.Errorf("unexpected greeting %q: not protocol 3", data)
	}
	go m.read(br)
	return m, nil
}

func readMarionette(br *bufio.Reader) ([]byte, error) {
	length, err := br.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(length[:len(length)-1], 10, 31)
	if err != nil || n > maxMarionetteBytes {
		return nil, fmt.Errorf("invalid message length %q", length)
	}
	data := make([]byte, n)
	_, err = io.ReadFull(br, data)
	return data, err
}

// read hands out answers until the connection ends. An answer is [1, id, error or null, result].
func (m *marionette) read(br *bufio.Reader) {
	defer m.conn.Close()
	for {
		data, err := readMarionette(br)
		if err != nil {
			m.pending.fail(err)
			return
		}
		var (
			kind, id int
			result   json.RawMessage
			failure  *struct {
				Code    string `json:"error"`
				Message string `json:"message"`
			}
		)
		if err := json.Unmarshal(data, &[]any{&kind, &id, &failure, &result}); err != nil {
			m.pending.fail(err)
			return
		}
		if failure != nil {
			m.pending.settle(id, reply{err: fmt.Errorf("%s: %s", failure.Code, failure.Message)})
			continue
		}
		m.pending.settle(id, reply{result: result})
	}
}

// call sends the command [0, id, name, params] and waits for its result, which is decoded into result unless that is
// nil.
func (m *marionette) call(ctx context.Context, name string, params, result any) error {
	id, ch := m.pending.add()
	data, err := json.Marshal([]any{0, id, name, params})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	m.mu.Lock()
	_, err = fmt.Fprintf(m.conn, "%d:%s", len(data), data)
	m.mu.Unlock()
	if err == nil {
		err = m.pending.wait(ctx, id, ch, result)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// inChrome does what do asks for in the browser itself rather than in the page.
func (m *marionette) inChrome(ctx context.Context, do func() error) error {
	const command = "Marionette:SetContext"
	if err := m.call(ctx, command, map[string]any{"value": "chrome"}, nil); err != nil {
		return err
	}
	return errors.Join(do(), m.call(ctx, command, map[string]any{"value": "content"}, nil))
}

// script runs the body of a function, by WebDriver:ExecuteScript or WebDriver:ExecuteAsyncScript, and decodes what it
// gives into result, unless that is nil.
func (m *marionette) script(ctx context.Context, command, body string, args []any, result any) error {
	if args == nil {
		args = []any{}
	}
	answer := struct {
		Value any `json:"value"`
	}{result}
	return m.call(ctx, command, map[string]any{"script": body, "args": args}, &answer)
}
