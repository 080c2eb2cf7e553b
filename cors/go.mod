module github.com/concors/concors/cors

go 1.26.0

require golang.org/x/net v0.62.0 // idna (UTS 46) and publicsuffix: the tables that decide hosts and sites

require golang.org/x/text v0.43.0 // indirect
