package explain

// telltales are the headers by which layers are known, unless they are told to hide. Those that no vendor documents are
// what its servers are seen to send. Layers without one of their own: HAProxy and Traefik add no header; Fastify, Hono,
// Koa, Go, Node and Puma name themselves nowhere; Tyk documents none.
func telltales() []telltale {
	var list []telltale
	for _, part := range [][]telltale{cdnTelltales(), gatewayTelltales(), serverTelltales(), frameworkTelltales()} {
		list = append(list, part...)
	}
	return list
}

func cdnTelltales() []telltale {
	return []telltale{
		// https://developers.cloudflare.com/fundamentals/reference/http-headers/
		{"Cloudflare", LayerCDN, "server", "cloudflare"},
		{"Cloudflare", LayerCDN, "cf-ray", ""},
		// https://http.dev/akamai-grn and https://techdocs.akamai.com/edge-diagnostics/docs/pragma-headers
		{"Akamai", LayerCDN, "server", "AkamaiGHost"},
		{"Akamai", LayerCDN, "akamai-grn", ""},
		{"Akamai", LayerCDN, "x-akamai-", ""},
		// https://www.fastly.com/documentation/reference/http/http-headers/X-Served-By/
		{"Fastly", LayerCDN, "x-served-by", "cache-"},
		{"Fastly", LayerCDN, "x-fastly-request-id", ""},
		// https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol
		{"Azure Front Door", LayerCDN, "x-azure-ref", ""},
		// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
		{"CloudFront", LayerCDN, "server", "CloudFront"},
		{"CloudFront", LayerCDN, "x-amz-cf-id", ""},
		{"CloudFront", LayerCDN, "x-amz-cf-pop", ""},
		// https://vercel.com/docs/headers/response-headers
		{"Vercel", LayerCDN, "server", "Vercel"},
		{"Vercel", LayerCDN, "x-vercel-id", ""},
		// https://answers.netlify.com/t/4385: Netlify Support on x-nf-request-id
		{"Netlify", LayerCDN, "server", "Netlify"},
		{"Netlify", LayerCDN, "x-nf-request-id", ""},
	}
}

// gatewayTelltales are of gateways, load balancers and routers.
func gatewayTelltales() []telltale {
	return []telltale{
		// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
		{"AWS API Gateway", LayerGateway, "x-amz-apigw-id", ""},
		{"AWS API Gateway", LayerGateway, "apigw-requestid", ""},
		// https://developer.konghq.com/gateway/configuration/#headers
		{"Kong", LayerGateway, "server", "kong"},
		{"Kong", LayerGateway, "x-kong-", ""},
		// https://learn.microsoft.com/azure/application-gateway/
		{"Azure Application Gateway", LayerGateway, "server", "Microsoft-Azure-Application-Gateway"},
		// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
		{"AWS load balancer", LayerProxy, "server", "awselb"},
		// https://docs.cloud.google.com/load-balancing/docs/https#target-proxies
		{"Google Cloud", LayerProxy, "server", "Google Frontend"},
		{"Google Cloud", LayerProxy, "server", "GFE"},
		// https://devcenter.heroku.com/articles/http-routing
		{"Heroku", LayerProxy, "server", "Heroku"},
		// https://fly.io/docs/networking/request-headers/: Fly-Request-Id, in responses too
		{"Fly.io", LayerProxy, "fly-request-id", ""},
		// https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers
		{"Istio", LayerProxy, "server", "istio-envoy"},
		{"Envoy", LayerProxy, "server", "envoy"},
		{"Envoy", LayerProxy, "x-envoy-", ""},
		// https://varnish-cache.org/docs/trunk/reference/vcl-var.html
		{"Varnish", LayerProxy, "x-varnish", ""},
	}
}

func serverTelltales() []telltale {
	return []telltale{
		// https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens
		{"nginx", LayerServer, "server", "nginx"},
		{"OpenResty", LayerServer, "server", "openresty"},
		// https://httpd.apache.org/docs/2.4/mod/core.html#servertokens
		{"Apache", LayerServer, "server", "Apache"},
		// https://caddyserver.com/docs/caddyfile/directives/header
		{"Caddy", LayerServer, "server", "Caddy"},
		{"LiteSpeed", LayerServer, "server", "LiteSpeed"},
		{"lighttpd", LayerServer, "server", "lighttpd"},
		// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
		{"Amazon S3", LayerServer, "server", "AmazonS3"},
		{"Amazon S3", LayerServer, "x-amz-id-2", ""},
		// https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/options
		{"Kestrel", LayerServer, "server", "Kestrel"},
		{"IIS", LayerServer, "server", "Microsoft-IIS"},
		{"HTTP.sys", LayerServer, "server", "Microsoft-HTTPAPI"},
		// https://tomcat.apache.org/tomcat-8.0-doc/config/http.html: until version 8
		{"Tomcat", LayerServer, "server", "Apache-Coyote"},
		// https://jetty.org/docs/jetty/12/programming-guide/server/http.html: HttpConfiguration.sendServerVersion
		{"Jetty", LayerServer, "server", "Jetty"},
		// https://docs.gunicorn.org/ and https://www.uvicorn.org/settings/#http
		{"gunicorn", LayerServer, "server", "gunicorn"},
		{"uvicorn", LayerServer, "server", "uvicorn"},
		// https://werkzeug.palletsprojects.com/: BaseHTTPRequestHandler of the standard library
		{"Werkzeug", LayerServer, "server", "Werkzeug"},
		// https://www.phusionpassenger.com/docs/references/config_reference/nginx/#passenger_show_version_in_header
		{"Passenger", LayerServer, "server", "Phusion Passenger"},
		{"Passenger", LayerServer, "x-powered-by", "Phusion Passenger"},
	}
}

func frameworkTelltales() []telltale {
	return []telltale{
		// https://expressjs.com/en/api.html#app.settings.table: x-powered-by
		{"Express", LayerFramework, "x-powered-by", "Express"},
		// https://nextjs.org/docs/app/api-reference/config/next-config-js/poweredByHeader
		{"Next.js", LayerFramework, "x-powered-by", "Next.js"},
		{"Next.js", LayerFramework, "x-nextjs-", ""},
		// https://www.php.net/manual/ini.core.php#ini.expose-php
		{"PHP", LayerFramework, "x-powered-by", "PHP"},
		// https://learn.microsoft.com/dotnet/api/system.web.configuration.httpruntimesection.enableversionheader
		{"ASP.NET", LayerFramework, "x-powered-by", "ASP.NET"},
		{"ASP.NET", LayerFramework, "x-aspnet-version", ""},
		{"ASP.NET", LayerFramework, "x-aspnetmvc-version", ""},
		// https://guides.rubyonrails.org/rails_on_rack.html: Rack::Runtime
		{"Rack", LayerFramework, "x-runtime", ""},
	}
}
