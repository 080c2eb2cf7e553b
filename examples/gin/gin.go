// Package gin shows the middleware around a gin engine, which is an http.Handler: preflights are answered before gin looks for a
// route, and its own answers have their headers.
//
// Policies of their own go before the engine too, into a mux; the outer middleware finds them there. A middleware of a gin
// group runs for the routes of the group only, and no route is for OPTIONS.
//
// The mux and the engine must agree on paths: by itself gin takes /internal%2Fstats for /internal/stats, which the mux does
// not, so the engine is told to look at the raw path.
package gin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/concors/concors/cors"
)

// API serves an API of which each part has its own policy.
func API(app, public *cors.Middleware) http.Handler {
	mux := http.NewServeMux()
	engine := routes()
	mux.Handle("/", engine)
	mux.Handle("/public/", public.Wrap(engine))
	mux.Handle("/internal/", cors.Off(engine))
	return app.Wrap(mux)
}

func routes() http.Handler {
	engine := gin.New()
	engine.UseRawPath = true
	engine.Use(gin.Recovery())
	engine.GET("/items", signedIn, items)
	engine.PUT("/items/:id", signedIn, noContent)
	engine.GET("/fail", func(c *gin.Context) { c.AbortWithStatus(http.StatusInternalServerError) })
	engine.GET("/panic", func(*gin.Context) { panic("broken") })
	engine.GET("/public/feed", items)
	engine.PUT("/public/feed", noContent)
	engine.GET("/internal/stats", items)
	engine.DELETE("/internal/stats", noContent)
	return engine
}

func items(c *gin.Context) {
	c.Header("X-Total", "1")
	c.JSON(http.StatusOK, []string{"one"})
}

func noContent(c *gin.Context) { c.Status(http.StatusNoContent) }

func signedIn(c *gin.Context) {
	if c.GetHeader("Authorization") != "Bearer letmein" {
		c.AbortWithStatus(http.StatusUnauthorized)
	}
}
