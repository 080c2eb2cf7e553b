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
		{"Cloudflare", RoleCDN, "server", "cloudflare"},
		{"Cloudflare", RoleCDN, "cf-ray", ""},
		// https://http.dev/akamai-grn and https://techdocs.akamai.com/edge-diagnostics/docs/pragma-headers
		{"Akamai", RoleCDN, "server", "AkamaiGHost"},
		{"Akamai", RoleCDN, "akamai-grn", ""},
		{"Akamai", RoleCDN, "x-akamai-", ""},
		// https://www.fastly.com/documentation/reference/http/http-headers/X-Served-By/
		{"Fastly", RoleCDN, "x-served-by", "cache-"},
		{"Fastly", RoleCDN, "x-fastly-request-id", ""},
		// https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol
		{"Azure Front Door", RoleCDN, "x-azure-ref", ""},
		// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
		{"CloudFront", RoleCDN, "server", "CloudFront"},
		{"CloudFront", RoleCDN, "x-amz-cf-id", ""},
		{"CloudFront", RoleCDN, "x-amz-cf-pop", ""},
		// https://vercel.com/docs/headers/response-headers
		{"Vercel", RoleCDN, "server", "Vercel"},
		{"Vercel", RoleCDN, "x-vercel-id", ""},
		// https://answers.netlify.com/t/4385: Netlify Support on x-nf-request-id
		{"Netlify", RoleCDN, "server", "Netlify"},
		{"Netlify", RoleCDN, "x-nf-request-id", ""},
	}
}

// gatewayTelltales are of gateways, load balancers and routers.
func gatewayTelltales() []telltale {
	return []telltale{
		// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
		{"AWS API Gateway", RoleGateway, "x-amz-apigw-id", ""},
		{"AWS API Gateway", RoleGateway, "apigw-requestid", ""},
		// https://developer.konghq.com/gateway/configuration/#headers
		{"Kong", RoleGateway, "server", "kong"},
		{"Kong", RoleGateway, "x-kong-", ""},
		// https://learn.microsoft.com/azure/application-gateway/
		{"Azure Application Gateway", RoleGateway, "server", "Microsoft-Azure-Application-Gateway"},
		// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
		{"AWS load balancer", RoleProxy, "server", "awselb"},
		// https://docs.cloud.google.com/load-balancing/docs/https#target-proxies
		{"Google Cloud", RoleProxy, "server", "Google Frontend"},
		{"Google Cloud", RoleProxy, "server", "GFE"},
		// https://devcenter.heroku.com/articles/http-routing
		{"Heroku", RoleProxy, "server", "Heroku"},
		// https://fly.io/docs/networking/request-headers/: Fly-Request-Id, in responses too
		{"Fly.io", RoleProxy, "fly-request-id", ""},
		// https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers
		{"Istio", RoleProxy, "server", "istio-envoy"},
		{"Envoy", RoleProxy, "server", "envoy"},
		{"Envoy", RoleProxy, "x-envoy-", ""},
		// https://varnish-cache.org/docs/trunk/reference/vcl-var.html
		{"Varnish", RoleProxy, "x-varnish", ""},
	}
}

func serverTelltales() []telltale {
	return []telltale{
		// https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens
		{"nginx", RoleServer, "server", "nginx"},
		{"OpenResty", RoleServer, "server", "openresty"},
		// https://httpd.apache.org/docs/2.4/mod/core.html#servertokens
		{"Apache", RoleServer, "server", "Apache"},
		// https://caddyserver.com/docs/caddyfile/directives/header
		{"Caddy", RoleServer, "server", "Caddy"},
		{"LiteSpeed", RoleServer, "server", "LiteSpeed"},
		{"lighttpd", RoleServer, "server", "lighttpd"},
		// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
		{"Amazon S3", RoleServer, "server", "AmazonS3"},
		{"Amazon S3", RoleServer, "x-amz-id-2", ""},
		// https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/options
		{"Kestrel", RoleServer, "server", "Kestrel"},
		{"IIS", RoleServer, "server", "Microsoft-IIS"},
		{"HTTP.sys", RoleServer, "server", "Microsoft-HTTPAPI"},
		// https://tomcat.apache.org/tomcat-8.0-doc/config/http.html: until version 8
		{"Tomcat", RoleServer, "server", "Apache-Coyote"},
		// https://jetty.org/docs/jetty/12/programming-guide/server/http.html: HttpConfiguration.sendServerVersion
		{"Jetty", RoleServer, "server", "Jetty"},
		// https://docs.gunicorn.org/ and https://www.uvicorn.org/settings/#http
		{"gunicorn", RoleServer, "server", "gunicorn"},
		{"uvicorn", RoleServer, "server", "uvicorn"},
		// https://werkzeug.palletsprojects.com/: BaseHTTPRequestHandler of the standard library
		{"Werkzeug", RoleServer, "server", "Werkzeug"},
		// https://www.phusionpassenger.com/docs/references/config_reference/nginx/#passenger_show_version_in_header
		{"Passenger", RoleServer, "server", "Phusion Passenger"},
		{"Passenger", RoleServer, "x-powered-by", "Phusion Passenger"},
	}
}

func frameworkTelltales() []telltale {
	return []telltale{
		// https://expressjs.com/en/api.html#app.settings.table: x-powered-by
		{"Express", RoleFramework, "x-powered-by", "Express"},
		// https://nextjs.org/docs/app/api-reference/config/next-config-js/poweredByHeader
		{"Next.js", RoleFramework, "x-powered-by", "Next.js"},
		{"Next.js", RoleFramework, "x-nextjs-", ""},
		// https://www.php.net/manual/ini.core.php#ini.expose-php
		{"PHP", RoleFramework, "x-powered-by", "PHP"},
		// https://learn.microsoft.com/dotnet/api/system.web.configuration.httpruntimesection.enableversionheader
		{"ASP.NET", RoleFramework, "x-powered-by", "ASP.NET"},
		{"ASP.NET", RoleFramework, "x-aspnet-version", ""},
		{"ASP.NET", RoleFramework, "x-aspnetmvc-version", ""},
		// https://guides.rubyonrails.org/rails_on_rack.html: Rack::Runtime
		{"Rack", RoleFramework, "x-runtime", ""},
	}
}
