package gateway

import (
	"errors"
	"net/http"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
)

// tellFailure logs an error that is no fault of the client's, with the upstream that it is about: Caddy tells about an error that
// a page was written for on the level of debugging only, and names no upstream.
func tellFailure(logger *zap.Logger, r *http.Request, err error) {
	status := http.StatusInternalServerError
	if failed, ok := errors.AsType[caddyhttp.HandlerError](err); ok {
		status, err = failed.StatusCode, failed.Err // without the place in Caddy's code
	}
	if status < http.StatusInternalServerError {
		return
	}
	if entry := logger.Check(zap.ErrorLevel, "request failed"); entry != nil {
		entry.Write(
			zap.Int("status", status), zap.String("upstream", upstreamOf(r)), zap.String("method", r.Method),
			zap.String("host", r.Host), zap.String("path", r.URL.Path), zap.Error(err),
		)
	}
}
