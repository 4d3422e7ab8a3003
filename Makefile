# Vessel. `make` lists the commands; each does its own set-up and is safe to run twice.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up test check types lint format unit integration dashboard e2e test-faults test-machines test-ignite bench clean setup-up setup-test

# Node 24 of our own where the machine's is older; the folder is simply absent elsewhere.
export PATH := $(CURDIR)/.toolchain/node_modules/node/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export NODE_OPTIONS := --disable-warning=ExperimentalWarning
DRIVER ?= process

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: setup-up ## Run the whole product here; DRIVER=qemu for virtual machines
	@exec node --conditions=development deploy/local/stack/src/main.ts up --driver $(DRIVER)

test: setup-test ## Run every test
	@node --conditions=development tests/run/main.ts all

check: setup-up ## Types, lint, format and unit tests, for every day
	@node --conditions=development tests/run/main.ts check

integration: setup-test ## Only the integration tests
	@node --conditions=development tests/run/main.ts integration

dashboard: setup-test ## The dashboard's pages, and how fast they are
	@node --conditions=development tests/run/main.ts dashboard

e2e: setup-test ## Only the browser tests
	@node --conditions=development tests/run/main.ts e2e

test-faults: export VESSEL_FAULT_SEEDS ?= 200
test-faults: export VESSEL_KILL_STRIDE ?= 1
test-faults: export VESSEL_LEAK_SESSIONS ?= 200
test-faults: export VESSEL_SAME_INSTANT_ROUNDS ?= 500
test-faults: setup-test ## The fault tests at full length: hours
	@node --conditions=development tests/run/main.ts faults

test-ignite: export VESSEL_REAL_IGNITE := 1
test-ignite: setup-up ## The ignite driver against the real ignite of this host, as root
	@node --experimental-vm-modules node_modules/jest/bin/jest.js --selectProjects integration \
	  --runInBand --testPathPatterns 'infra-agent/test/ignite-(driver|crashes|loop)'

test-machines: setup-test ## The driver of virtual machines, and twenty starts of one
	@node --conditions=development tests/run/main.ts machines

bench: setup-test ## Benchmarks: ratios against a reference of the same run
	@node --conditions=development tests/bench/main.ts $(ONLY)

format: setup-up ## Format and mend what can be mended by machine
	@biome check --write .

clean: ## Remove what was built here (caches in your home stay)
	@rm -rf .vessel .toolchain node_modules dashboard/.next
	@find . -name dist -type d -not -path '*/node_modules/*' -prune -exec rm -rf {} +

setup-up:
	@DRIVER=$(DRIVER) deploy/local/bootstrap.sh up

setup-test:
	@deploy/local/bootstrap.sh test
