package bench_test

import (
	"net/http"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	fibercors "github.com/gofiber/fiber/v3/middleware/cors"
	"github.com/valyala/fasthttp"
)

// buildFiber is measured on a request and response of its own kind.
func buildFiber(p *policy, next *handler) (server, error) {
	app := fiber.New()
	if p != nil {
		app.Use(fibercors.New(fibercors.Config{
			AllowOrigins: p.origins, AllowMethods: methods(), AllowHeaders: requestHeaders(), AllowCredentials: p.credentials, MaxAge: maxAge,
		}))
	}
	app.All(route, func(fiber.Ctx) error {
		if next.seen != nil {
			next.seen(http.Header{})
		}
		return nil
	})
	serve := app.Handler()
	return server{handler: adaptor.FiberApp(app), operation: func(r *http.Request) func() {
		ctx := new(fasthttp.RequestCtx)
		ctx.Request.Header.SetMethod(r.Method)
		ctx.Request.SetRequestURI(r.URL.RequestURI())
		ctx.Request.Header.SetHost(r.Host)
		for name, values := range r.Header {
			for _, value := range values {
				ctx.Request.Header.Add(name, value)
			}
		}
		return func() {
			ctx.Response.Reset()
			serve(ctx)
		}
	}}, nil
}
