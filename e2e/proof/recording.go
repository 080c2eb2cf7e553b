package proof

import (
	"encoding/json"
	"fmt"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/server/setups"
)

// A recording is a scenario, as "concors explain --scenario" reads it.
type recording struct {
	Page      string             `json:"page"`
	Request   recordedRequest    `json:"request"`
	Responses []recordedResponse `json:"responses"`
}

type recordedRequest struct {
	URL         string      `json:"url"`
	Method      string      `json:"method,omitempty"`
	Headers     [][2]string `json:"headers,omitempty"`
	Body        string      `json:"body,omitempty"`
	Credentials string      `json:"credentials,omitempty"`
}

type recordedResponse struct {
	Status  int         `json:"status"`
	Headers [][2]string `json:"headers"`
}

// Scenario is a try and the answers that it got, as "concors explain --scenario" reads them.
func Scenario(try *setups.Try, exchanges []server.Exchange) ([]byte, error) {
	r := recording{Page: try.Page, Request: recordedRequest{URL: try.URL}, Responses: []recordedResponse{}}
	for key, value := range try.Init {
		switch value := value.(type) {
		case string:
			switch key {
			case "method":
				r.Request.Method = value
			case "credentials":
				r.Request.Credentials = value
			case "body":
				r.Request.Body = string(fetch.BodyText)
			default:
				return nil, fmt.Errorf("invalid %s of a try: it cannot be recorded", key)
			}
		case map[string]any:
			for name, v := range value {
				r.Request.Headers = append(r.Request.Headers, [2]string{name, fmt.Sprint(v)})
			}
		}
	}
	for _, e := range exchanges {
		answer := recordedResponse{Status: e.Status, Headers: [][2]string{}}
		for name, values := range e.Answer {
			for _, v := range values {
				answer.Headers = append(answer.Headers, [2]string{name, v})
			}
		}
		r.Responses = append(r.Responses, answer)
	}
	return json.Marshal(r)
}
