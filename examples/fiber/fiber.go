// Package fiber shows the middleware around a Fiber app. Fiber is not built on net/http; its adaptor makes an http.Handler of
// an app, and the middleware goes around that. The adaptor reads each request's body into memory, and adds the app's headers to
// those that are there: leave Fiber's own CORS middleware out, or the browser finds two values.
//
// Policies of their own go before the app, into a mux; the outer middleware finds them there. The mux and the app must agree
// on paths: by itself Fiber takes /INTERNAL/stats for /internal/stats, which the mux does not, so the app is told that case
// counts.
package fiber

import (
	"net/http"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gofiber/fiber/v3/middleware/recover"

	"github.com/concors/concors/cors"
)

// API serves an API of which each part has its own policy.
func API(app, public *cors.Middleware) http.Handler {
	mux := http.NewServeMux()
	routes := adaptor.FiberApp(routes())
	mux.Handle("/", routes)
	mux.Handle("/public/", public.Wrap(routes))
	mux.Handle("/internal/", cors.Off(routes))
	return app.Wrap(mux)
}

func routes() *fiber.App {
	f := fiber.New(fiber.Config{CaseSensitive: true})
	f.Use(recover.New())
	f.Get("/items", signedIn, items)
	f.Put("/items/:id", signedIn, noContent)
	f.Get("/fail", func(fiber.Ctx) error { return fiber.ErrInternalServerError })
	f.Get("/panic", func(fiber.Ctx) error { panic("broken") })
	f.Get("/public/feed", items)
	f.Put("/public/feed", noContent)
	f.Get("/internal/stats", items)
	f.Delete("/internal/stats", noContent)
	return f
}

func items(c fiber.Ctx) error {
	c.Set("X-Total", "1")
	return c.JSON([]string{"one"})
}

func noContent(c fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) }

func signedIn(c fiber.Ctx) error {
	if c.Get("Authorization") != "Bearer letmein" {
		return fiber.ErrUnauthorized
	}
	return c.Next()
}
