// Package connect shows the middleware around a handler of Connect, which speaks Connect and gRPC-Web: which methods and headers
// the browsers' clients of both need.
//
// An RPC that fails under gRPC-Web before it has sent a message has its status in response headers. Where the policy does not
// expose them, the page cannot tell what went wrong.
package connect

import (
	"context"
	"errors"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/concors/concors/cors"
)

// Config is a policy for pages that call RPCs. A POST with these headers always has a preflight, hence MaxAge.
func Config(origins ...string) cors.Config {
	return cors.Config{
		Origins: origins,
		Methods: []string{"GET", "POST"},
		RequestHeaders: []string{
			"Authorization", "Content-Type", "Connect-Protocol-Version", "Connect-Timeout-Ms", // Connect
			"Grpc-Timeout", "X-Grpc-Web", "X-User-Agent", // gRPC-Web
		},
		ResponseHeaders: []string{"Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"},
		MaxAge:          2 * time.Hour,
	}
}

// Procedure greets who is named.
const Procedure = "/greet.v1.GreetService/Greet"

// API serves one procedure. Generated code would make the same handler; the message is one that Protocol Buffers bring along.
func API(m *cors.Middleware) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(Procedure, connect.NewUnaryHandler(Procedure, greet))
	return m.Wrap(mux)
}

func greet(_ context.Context, r *connect.Request[wrapperspb.StringValue]) (*connect.Response[wrapperspb.StringValue], error) {
	if r.Msg.GetValue() == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("nobody is named"))
	}
	return connect.NewResponse(wrapperspb.String("Hello " + r.Msg.GetValue())), nil
}
