// Package echo5 shows the middleware around version 5 of Echo, which is an http.Handler: preflights are answered before Echo
// looks for a route, and its own answers have their headers.
//
// Policies of their own go before Echo too, into a mux; the outer middleware finds them there.
package echo5

import (
	"net/http"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	"github.com/concors/concors/cors"
)

// API serves an API of which each part has its own policy.
func API(app, public *cors.Middleware) http.Handler {
	mux := http.NewServeMux()
	e := routes()
	mux.Handle("/", e)
	mux.Handle("/public/", public.Wrap(e))
	mux.Handle("/internal/", cors.Off(e))
	return app.Wrap(mux)
}

func routes() http.Handler {
	e := echo.New()
	e.Use(middleware.Recover())
	e.GET("/items", items, signedIn)
	e.PUT("/items/:id", noContent, signedIn)
	e.GET("/fail", func(*echo.Context) error { return echo.NewHTTPError(http.StatusInternalServerError, "broken") })
	e.GET("/panic", func(*echo.Context) error { panic("broken") })
	e.GET("/public/feed", items)
	e.PUT("/public/feed", noContent)
	e.GET("/internal/stats", items)
	e.DELETE("/internal/stats", noContent)
	return e
}

func items(c *echo.Context) error {
	c.Response().Header().Set("X-Total", "1")
	return c.JSON(http.StatusOK, []string{"one"})
}

func noContent(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }

func signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		if c.Request().Header.Get("Authorization") != "Bearer letmein" {
			return echo.ErrUnauthorized
		}
		return next(c)
	}
}
