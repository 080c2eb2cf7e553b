# make demo            the classic mistakes, explained, and a page that makes them in your browser; ctrl-C ends it
# make gateway         .bin/concors-gateway, and concors beside it
# make test            everything, real browsers and servers included
# make check           what must hold before a change goes in; needs no browser
# make fuzz            properties for FUZZTIME each
# make bench           the middleware beside its peers, in ROUNDS of BENCHTIME for each; REPORT names the file to put the
#                      tables into. make microbench: the library's own benchmarks
# make bench-gateway   the gateway beside nginx and others, in pairs: ROUNDS of BENCHTIME, in whole seconds, for each side; the
#                      gateways on the first of CORES, what asks and answers them on the second. Nothing else should run
# make fidelity        the corpus and N random scenarios from SEED in each real browser (or only in ENGINE) and in the
#                      model; REPORT names a file to write the result to
# make generate tidy   generated files; go.mod and go.sum

N         ?= 1000
SEED      ?= 1
ENGINE    ?=
REPORT    ?=
FUZZTIME  ?= 60s
ROUNDS    ?= 200
BENCHTIME ?= 1ms
CORES     ?= 0,1

SHELL := bash -o pipefail
TIDY  := go mod tidy

# What is looked at for other systems. Compiling Caddy and the peers of the benchmarks for two more takes minutes.
PORTABLE := ./... ./cors/... ./e2e/... ./examples/...

.PHONY: setup demo gateway test check fuzz bench bench-gateway microbench fidelity generate tidy

setup:
	scripts/setup.sh

demo:
	@go build -o .bin/concors ./cmd/concors
	@.bin/concors demo

gateway:
	go build -o .bin/ ./cmd/concors ./gateway/cmd/concors-gateway

# One package at a time: browsers that share their processor with others miss what is about time.
test: setup
	go test -count=1 -timeout 15m -p 1 work

check: .bin/staticcheck
	@unformatted=$$(gofmt -l .) && [ -z "$$unformatted" ] || { echo "gofmt: $$unformatted"; exit 1; }
	GOOS=linux go vet work
	GOOS=darwin go vet $(PORTABLE)
	GOOS=windows go vet $(PORTABLE)
	GOOS=js GOARCH=wasm go vet ./cors/... ./explain
	.bin/staticcheck work
	go test -race -count=1 ./... ./cors/... ./examples/... ./gateway
	$(call each-module,go mod verify)
	$(call each-module,$(TIDY) -diff)

# The rules about generated files are tests too, so check has seen them.
generate:
	go test ./cors/internal/spec -run '^TestCoverage$$' -update
	go test ./house -run '^TestShownOutput$$' -update
	go test ./stack/all -run '^Test(Docs|Rules)$$' -update

fuzz:
	@for pkg in $$(go list work); do \
		listed=$$(go test -list '^Fuzz' $$pkg) || exit; \
		for target in $$(grep '^Fuzz' <<<"$$listed"); do \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg || exit; \
		done; \
	done

bench:
	go test ./bench -run '^TestCompare$$' -count=1 -timeout 0 -v \
		-args -rounds $(ROUNDS) -slice $(BENCHTIME) -report '$(and $(REPORT),$(abspath $(REPORT)))'

bench-gateway: ROUNDS = 8
bench-gateway: BENCHTIME = 1s
bench-gateway:
	scripts/setup.sh bench-gateway
	go test ./bench/gateway -run '^TestCompare$$' -count=1 -timeout 0 -v \
		-args -rounds $(ROUNDS) -slice $(BENCHTIME) -cores $(CORES) -report '$(and $(REPORT),$(abspath $(REPORT)))'

microbench:
	go test -run '^$$' -bench . -benchmem ./cors/...

fidelity:
	go test ./e2e/fidelity -run '^Test(Corpus|Fidelity)$$' -count=1 -timeout 0 -v \
		-args -scenarios $(N) -seed $(SEED) -engine '$(ENGINE)' -report '$(and $(REPORT),$(abspath $(REPORT)))'

tidy:
	$(call each-module,$(TIDY))

.bin/staticcheck: tools/go.mod tools/go.sum
	cd tools && GOWORK=off go build -o ../.bin/ tool

# each-module runs a command in every module of the workspace as if it stood alone, but with our other modules taken from
# here, whatever version is required; v0.0.0 is the one to require while none is published. No committed go.mod has a
# replace, so they go again.
define each-module
@replace=$$(go list -m -f '-replace={{.Path}}={{.Dir}} -replace={{.Path}}@v0.0.0={{.Dir}}') && \
	drop=$$(go list -m -f '-dropreplace={{.Path}} -dropreplace={{.Path}}@v0.0.0' | xargs) && \
	for dir in $$(go list -m -f '{{.Dir}}'); do ( \
		cd $$dir && trap "go mod edit $$drop" EXIT && go mod edit $$replace && echo "$(1) # $${dir##*/}" && GOWORK=off $(1) \
	) || exit; done
endef
