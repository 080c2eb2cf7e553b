package setups_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/server/setups"
)

// pages are pages that nobody serves: here no browser comes by.
func pages() setups.Pages { return setups.PagesOn(setups.PreferredPort) }

// request makes one of the requests of a try as a browser does, as far as servers look at it.
func request(t *testing.T, running *setups.Running, try *setups.Try, e server.Exchange) *http.Request {
	t.Helper()
	body, _ := try.Init["body"].(string)
	if e.Method == http.MethodOptions {
		body = ""
	}
	req, err := http.NewRequestWithContext(t.Context(), e.Method, "http://"+running.Addr()+e.Target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = strings.TrimPrefix(running.Origin(setups.Host), "http://")
	req.Header = e.Header.Clone()
	req.Header.Set("Accept-Encoding", "gzip, deflate, br")
	if body != "" {
		req.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	if headers, ok := try.Init["headers"].(map[string]any); ok && e.Method != http.MethodOptions {
		for name, value := range headers {
			req.Header.Set(name, value.(string))
		}
	}
	return req
}

// TestSetups sends what browsers send and holds the answers to the catalogue.
func TestSetups(t *testing.T) {
	client := &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	for _, setup := range setups.All() {
		t.Run(setup.Name, func(t *testing.T) {
			running := setup.Start(t, pages())
			for _, try := range running.Tries {
				t.Run(try.Name, func(t *testing.T) {
					before := len(running.Exchanges())
					for _, e := range try.Want.Exchanges {
						req := request(t, running, &try, e)
						res, err := client.Do(req)
						if err != nil {
							t.Fatal(err)
						}
						res.Body.Close()
					}
					got, want := setups.Transcript(running.Exchanges()[before:]), setups.Transcript(try.Want.Exchanges)
					if got != want {
						t.Errorf("got\n%s\nwant\n%s", got, want)
					}
				})
			}
		})
	}
}
