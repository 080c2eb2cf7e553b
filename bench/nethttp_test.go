package bench_test

import (
	"time"

	"github.com/concors/concors/cors"
	chi "github.com/go-chi/cors"
	jub0bs "github.com/jub0bs/cors"
	rs "github.com/rs/cors"
)

func buildConcors(p *policy, next *handler) (server, error) {
	if p == nil {
		return onNetHTTP(next), nil
	}
	compiled, err := cors.New(cors.Config{
		Origins: p.origins, Methods: methods(), RequestHeaders: requestHeaders(), Credentials: p.credentials, MaxAge: maxAge * time.Second,
	})
	if err != nil {
		return server{}, err
	}
	return onNetHTTP(cors.NewMiddleware(compiled).Wrap(next)), nil
}

func buildJub0bs(p *policy, next *handler) (server, error) {
	if p == nil {
		return onNetHTTP(next), nil
	}
	m, err := jub0bs.NewMiddleware(jub0bs.Config{
		Origins: p.origins, Methods: methods(), RequestHeaders: requestHeaders(), Credentialed: p.credentials, MaxAgeInSeconds: maxAge,
	})
	if err != nil {
		return server{}, err
	}
	return onNetHTTP(m.Wrap(next)), nil
}

func buildRS(p *policy, next *handler) (server, error) {
	if p == nil {
		return onNetHTTP(next), nil
	}
	return onNetHTTP(rs.New(rs.Options{
		AllowedOrigins: p.origins, AllowedMethods: methods(), AllowedHeaders: requestHeaders(), AllowCredentials: p.credentials, MaxAge: maxAge,
	}).Handler(next)), nil
}

func buildChi(p *policy, next *handler) (server, error) {
	if p == nil {
		return onNetHTTP(next), nil
	}
	return onNetHTTP(chi.Handler(chi.Options{
		AllowedOrigins: p.origins, AllowedMethods: methods(), AllowedHeaders: requestHeaders(), AllowCredentials: p.credentials, MaxAge: maxAge,
	})(next)), nil
}
