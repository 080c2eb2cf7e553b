package bench_test

import (
	"strings"
	"time"

	gincors "github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
	echo4 "github.com/labstack/echo/v4"
	echo4middleware "github.com/labstack/echo/v4/middleware"
	echo5 "github.com/labstack/echo/v5"
	echo5middleware "github.com/labstack/echo/v5/middleware"
)

// The path that routers know, and below which it leads to the handler whatever the method.
const route = "/x"

func buildGin(p *policy, next *handler) (server, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	if p != nil {
		e.Use(gincors.New(gincors.Config{
			AllowOrigins: p.origins, AllowMethods: methods(), AllowHeaders: requestHeaders(), AllowCredentials: p.credentials, MaxAge: maxAge * time.Second,
			AllowWildcard: p.patterns(),
		}))
	}
	e.Any(route, gin.WrapH(next))
	return onNetHTTP(e), nil
}

func buildEcho4(p *policy, next *handler) (server, error) {
	e := echo4.New()
	if p != nil {
		e.Use(echo4middleware.CORSWithConfig(echo4middleware.CORSConfig{
			AllowOrigins: p.origins, AllowMethods: methods(), AllowHeaders: requestHeaders(), AllowCredentials: p.credentials, MaxAge: maxAge,
		}))
	}
	e.Any(route, echo4.WrapHandler(next))
	return onNetHTTP(e), nil
}

func buildEcho5(p *policy, next *handler) (server, error) {
	e := echo5.New()
	if p != nil {
		if p.patterns() {
			return server{}, errPattern
		}
		e.Use(echo5middleware.CORSWithConfig(echo5middleware.CORSConfig{
			AllowOrigins: p.origins, AllowMethods: methods(), AllowHeaders: requestHeaders(), AllowCredentials: p.credentials, MaxAge: maxAge,
		}))
	}
	e.Any(route, echo5.WrapHandler(next))
	return onNetHTTP(e), nil
}

// patterns reports whether an origin has a wildcard in it.
func (p *policy) patterns() bool { return strings.Contains(p.origins[0], "*.") }
