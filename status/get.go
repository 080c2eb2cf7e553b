package status

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// largest bounds the answer of a gateway, in bytes: a hundred thousand origins that never came are a few million.
const largest = 64 << 20

// Get asks the gateway whose administration listens at an address, host and port. The context bounds the time.
func Get(ctx context.Context, address string) (*Status, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+Path, http.NoBody)
	if err != nil {
		return nil, err
	}
	// A proxy that the environment names is not asked for what is on this machine.
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", address, err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, fmt.Errorf("%s is the administration of no gateway that tells its status", address)
	default:
		return nil, fmt.Errorf("%s answers %d, want 200", address, response.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, largest+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", address, err)
	}
	if len(text) > largest {
		return nil, fmt.Errorf("the answer of %s has more than %d bytes", address, largest)
	}
	s := new(Status)
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", address, err)
	}
	return s, nil
}
