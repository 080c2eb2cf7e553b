package gateway

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/concors/concors/status"
)

// Admin is the Caddy module admin.api.concors: the administration listener answers with a [status.Status].
type Admin struct {
	traffic *traffic
}

// CaddyModule implements [caddy.Module].
func (*Admin) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "admin.api.concors", New: func() caddy.Module { return new(Admin) }}
}

// Provision implements [caddy.Provisioner].
func (a *Admin) Provision(ctx caddy.Context) (err error) {
	a.traffic, err = trafficOf(ctx.GetMetricsRegistry())
	return err
}

// Routes implements [caddy.AdminRouter].
func (a *Admin) Routes() []caddy.AdminRoute {
	return []caddy.AdminRoute{{Pattern: status.Path, Handler: caddy.AdminHandlerFunc(a.answer)}}
}

func (a *Admin) answer(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return caddy.APIError{HTTPStatus: http.StatusMethodNotAllowed, Err: errors.New("the status can only be read")}
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(a.traffic.status())
}
