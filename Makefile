# What developers type. `make help` lists it.

JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60
RELEASE := build/release
# Seconds that one test may take.
TIMEOUT := 900
corpora soak: TIMEOUT := 14400
CTEST = ctest --output-on-failure -j$(JOBS) --timeout $(TIMEOUT)
SOURCES = $(shell find src tests bench fuzz -name '*.h' -o -name '*.cpp')

.PHONY: help setup setup-engine setup-browser setup-dev build up test check bench fuzz soak corpora format format-check lint layers asan tsan
.DEFAULT_GOAL := help

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

setup:  ## Install what building and testing need
	@sh scripts/setup.sh build test
	@$(MAKE) --no-print-directory setup-engine

setup-engine:  ## Install the event engine (570 MB); without it queries over events, and their tests, say so
	@sh scripts/setup.sh engine || echo "setup: no event engine here, queries over events will say so" >&2

setup-browser:  ## Install what opens HTML pages in tests; without it these tests are skipped
	@sh scripts/setup.sh browser || echo "setup: no browser here, tests that open a page will say so" >&2

setup-dev: setup  ## Install what check, lint, format, fuzz and bench need on top
	@sh scripts/setup.sh dev

build/%/build.ninja:
	cmake --preset $*

build: $(RELEASE)/build.ninja  ## Build build/release/redoubt
	cmake --build --preset release --target redoubt

up: setup  ## Install, build, walk through the example landing zone
	@$(MAKE) --no-print-directory build
	@sh scripts/tour.sh $(RELEASE)/redoubt

test: setup setup-browser  ## Install, build, run every test
	@$(MAKE) --no-print-directory $(RELEASE)/build.ninja
	cmake --build --preset release
	$(CTEST) --test-dir $(RELEASE)

corpora: $(RELEASE)/build.ninja  ## Run the tests over real content alone, with their scores
	cmake --build --preset release
	REDOUBT_REQUIRE_CORPORA=1 REDOUBT_WHOLE_CORPUS=1 $(CTEST) --test-dir $(RELEASE) -R '\.Corpus' --verbose --no-tests=ignore

soak: $(RELEASE)/build.ninja  ## Run the long tests of faults (suites named Soak, loads that are killed)
	cmake --build --preset release
	REDOUBT_SOAK=1 $(CTEST) --test-dir $(RELEASE) -R '\.Soak|^cli\.test_logs'

check: setup-dev  ## Everything a change has to pass
	@$(MAKE) --no-print-directory format-check
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory asan
	REDOUBT_REQUIRE_BROWSER=1 $(CTEST) --test-dir $(RELEASE) -R findings_page

asan tsan: %: build/%/build.ninja  ## Build with the sanitizer and run every test
	cmake --build --preset $@
	$(CTEST) --test-dir build/$@

format: setup-dev  ## Format all sources in place
	clang-format-19 -i $(SOURCES)

format-check: setup-dev
	clang-format-19 --dry-run --Werror $(SOURCES)

layers:  ## Check the direction of includes and where RD_TRY stands
	python3 cmake/check_layers.py

lint: setup-dev layers build/clang/build.ninja  ## Layers, headers that compile alone, clang-tidy
	cmake --build --preset clang --target all_verify_interface_header_sets
	run-clang-tidy-19 -quiet -p build/clang -j $(JOBS) '/(src|tests|bench)/.*\.cpp$$'

fuzz: setup-dev build build/fuzz/build.ninja  ## Run every fuzz target and the comparison of KQL parsers for FUZZ_SECONDS
	cmake --build --preset fuzz
	python3 fuzz/run.py --build build/fuzz --seconds $(FUZZ_SECONDS)
	python3 fuzz/kql_oracle/compare.py --mutants 1000000 --seconds $(FUZZ_SECONDS) --seed $$(date +%s)

bench: setup-dev $(RELEASE)/build.ninja  ## Run the benchmarks; BASE=<file> compares with an earlier run
	cmake --build --preset release --target redoubt redoubt_bench
	python3 bench/run.py --build $(RELEASE) $(if $(BASE),--base $(BASE))
