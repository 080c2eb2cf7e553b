package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// A visit follows one navigation of a WebKit tab through the events of the Page domain, which name no navigation: it
// starts, its document takes the tab, and it loads; or it stops without having got so far.
type visit struct {
	mu    sync.Mutex
	url   string
	done  chan error // nil when nobody waits
	frame string     // the top frame, once it has started
	taken bool       // the document has the tab
}

// begin forgets any visit before and returns the channel on which the outcome of this one will come.
func (v *visit) begin(url string) <-chan error {
	v.mu.Lock()
	defer v.mu.Unlock()
	done := make(chan error, 1)
	v.url, v.done, v.frame, v.taken = url, done, "", false
	return done
}

func (v *visit) onEvent(e inspectorEvent) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.done == nil || !strings.HasPrefix(e.Method, "Page.") {
		return
	}
	var params struct {
		FrameID string
		Frame   struct{ ParentID, URL string }
	}
	if json.Unmarshal(e.Params, &params) != nil {
		return
	}
	switch e.Method {
	case "Page.frameStartedLoading":
		if v.frame == "" {
			v.frame = params.FrameID
		}
	case "Page.frameNavigated":
		// A failed navigation is followed by one to an error page, which says that it is about:blank.
		if params.Frame.ParentID == "" && (params.Frame.URL != "about:blank" || v.url == "about:blank") {
			v.taken = true
		}
	case "Page.loadEventFired":
		if v.taken {
			v.end(nil)
		}
	case "Page.frameStoppedLoading":
		if !v.taken && params.FrameID == v.frame {
			v.end(fmt.Errorf("navigate to %q: the browser could not get it", v.url))
		}
	}
}

func (v *visit) end(err error) {
	v.done <- err
	v.done = nil
}
