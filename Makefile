# Verbs of the project; `make help` lists them. Two are all that a newcomer needs: `make run` and `make test`.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION)
GOLANGCI := bin/golangci-lint
GO_SOURCES := $(shell find . -name '*.go' -not -path './dashboard/node_modules/*') go.mod go.sum $(wildcard migrations/*.sql schemas/*.json schemas/abi/*.json)
PAGE_SOURCES := $(shell find dashboard -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -name '*.go')

.PHONY: help
help: ## list the verbs
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: run
run: build ## start everything: simulated network, log, database, dashboard
	bin/sage-coordinator dev

.PHONY: build
build: bin/sage-coordinator ## build bin/sage-coordinator, the dashboard in it

bin/sage-coordinator: dashboard/dist/index.html $(GO_SOURCES)
	go build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/sage-coordinator

dashboard/node_modules/.package-lock.json: dashboard/package-lock.json
	cd dashboard && npm ci --no-audit --no-fund
	@touch $@

dashboard/dist/index.html: dashboard/node_modules/.package-lock.json $(PAGE_SOURCES)
	cd dashboard && npm run build
	@touch $@

.PHONY: test
test: bin/sage-coordinator ## run every test that needs nothing but Go and Node
	cd dashboard && npm test
	go test -timeout 20m ./...
	@echo "make test: all of it ran; the API by schemathesis with make test-api, real Apache Kafka is tested by make test-kafka, a real StarkNet node by make test-node, the page in a browser by make test-page, deployment by make test-deploy"

.PHONY: test-race
test-race: dashboard/dist/index.html ## the Go tests under the race detector
	go test -race -timeout 30m ./...

.PHONY: test-kafka
test-kafka: ## the log against real Apache Kafka, TEST_KAFKA_BROKERS brokers, 1 if not set (needs Java 17 and Maven)
	go test -p 1 -count=1 -timeout 15m -tags kafka ./internal/eventlog/... ./consumers/pubsub
	go test -count=1 -timeout 5m -tags kafka -run '^Test(SimulatedNetwork|RecordedBlocks)$$' ./producers/chaintail
	go test -count=1 -timeout 5m -tags kafka -run '^TestComposeKafkaStarts$$' ./deploy

POSTGRES ?= 14 15 16 17 18 machine

.PHONY: test-postgres
test-postgres: ## the tests that ask a database, on each of the versions POSTGRES ("machine": the one that is installed)
	for version in $(POSTGRES); do \
		echo "PostgreSQL $$version"; \
		TEST_POSTGRES_VERSION=$$version go test -count=1 -timeout 15m ./migrations ./projections/pg ./consumers; \
	done

HISTORIES ?= 10000

.PHONY: histories
histories: ## run HISTORIES random histories of the chain tailer; a failing one is replayed with go test ./producers/chaintail -seed N
	go test -count=1 -timeout 60m -run '^TestRandomHistories$$' ./producers/chaintail -histories $(HISTORIES)

EVENTS ?= 1000000

.PHONY: bench
bench: ## measure a backfill of EVENTS events, as many in the chain read models, and kept answers, each against a bare reference; and the read models at the head and after kills
	go run ./bench/backfill -events $(EVENTS)
	go run ./bench/chain -events $(EVENTS)
	go run ./bench/rest
	go run ./bench/head

.PHONY: compare
compare: ## index the same chain with Checkpoint and with the coordinator, and hold their tables against the chain after faults
	go run ./bench/checkpoint

FUZZTIME ?= 10m

.PHONY: fuzz
fuzz: ## fuzz what reads felts, ABIs, records and values, FUZZTIME each; what fails is kept in schemas/testdata/fuzz
	@for target in $$(go test -list '^Fuzz' ./schemas | grep '^Fuzz'); do \
		echo "$$target for $(FUZZTIME)"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s ./schemas; \
	done

.PHONY: test-node
test-node: ## the coordinator against a real StarkNet node (without a built one, cargo takes over an hour)
	devnet="$$(internal/starknet/devnet.sh)"; \
	STARKNET_DEVNET="$$devnet" go test -count=1 -timeout 5m -tags node -run '^TestRealNode' ./cmd/sage-coordinator

.PHONY: test-deploy
test-deploy: dashboard/dist/index.html ## the deployment files and the guide's commands (Debian: fetches what is missing)
	deploy/tools.sh
	PATH="$(CURDIR)/bin/tools:$$PATH" go test -count=1 -timeout 15m -tags tools ./deploy/...

EXAMPLES ?= 8
SEED ?= 1

.PHONY: test-api
test-api: bin/sage-coordinator ## the API held to its OpenAPI document by schemathesis, EXAMPLES requests an operation beside those of its rules (needs Python 3 with venv)
	api/schemathesis.sh --max-examples $(EXAMPLES) --seed $(SEED)

.PHONY: test-page
test-page: build ## the page in a real Chromium (Debian: apt-get install chromium)
	cd dashboard && npm run e2e

.PHONY: generate
generate: dashboard/node_modules/.package-lock.json ## write what follows from the ABIs (Go types, JSON Schemas, TypeScript types) and from the OpenAPI document
	go run ./schemas/generate
	go run ./cmd/sage-coordinator openapi | node dashboard/generate.mjs > dashboard/api_gen.ts
	mv dashboard/api_gen.ts dashboard/src/generated/api_gen.ts

$(GOLANGCI): tools.mod tools.sum
	go build -modfile=tools.mod -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.PHONY: lint
lint: $(GOLANGCI) dashboard/node_modules/.package-lock.json ## check style and types, Go and front end
	$(GOLANGCI) run ./...
	cd dashboard && npm run lint

.PHONY: fmt
fmt: $(GOLANGCI) dashboard/node_modules/.package-lock.json ## format everything
	$(GOLANGCI) fmt ./...
	cd dashboard && npm run fmt

.PHONY: clean
clean: ## remove what was built (not the data: that is in ./data, or where --data-dir says)
	rm -rf bin dashboard/dist/assets dashboard/dist/index.html dashboard/node_modules
