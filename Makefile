# secondhand: everything a developer or a first visitor runs. `make help` lists it.
#
# Needs make and Python 3.11 or newer, nothing else, and is several times as fast where a C compiler
# is. The tests need that too, a redis-server or valkey-server with TLS, and Java: `make test`
# installs them where it may. Packages are installed into .venv from requirements/*.txt, where
# every file is pinned by its hash.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The first of these that is new enough; `make run PYTHON=/path/to/python3` chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

VENV := .venv
BIN := $(VENV)/bin
# --no-build-isolation: what is built from source (langdetect has no wheel) is built with
# the pinned setuptools, not with one fetched on the side.
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCKED := $(INSTALL) --no-build-isolation --require-hashes --requirement

DATA_DIR ?= secondhand-data
HOST ?= 127.0.0.1
PORT ?= 8080

# Stamps: each is as new as the files that the step before it depends on.
VENV_READY := $(VENV)/.stamp-venv
RUN_READY := $(VENV)/.stamp-run
DEV_READY := $(VENV)/.stamp-dev
COMPILED := $(VENV)/.stamp-compiled
SERVER_READY := $(VENV)/.stamp-server
JAVA_READY := $(VENV)/.stamp-java

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV_READY): requirements/build.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "secondhand needs Python 3.11 or newer; $(or $(PYTHON),no python3 on the PATH) is not." >&2; \
	echo "Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo "$(PYTHON) comes without venv or ensurepip, so no environment can be made." >&2; \
	echo "On Debian and Ubuntu: apt-get install python3-venv; or use another Python:" >&2; \
	echo "make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(LOCKED) requirements/build.txt
	@touch $@

NATIVE := $(wildcard native/*.[ch] native/*/*.[ch])
$(RUN_READY): $(VENV_READY) requirements/runtime.txt pyproject.toml setup.py $(NATIVE)
	@echo "Installing what secondhand needs into $(VENV) (once)"
	$(LOCKED) requirements/runtime.txt
	$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV_READY): $(RUN_READY) requirements/dev.txt
	@echo "Installing the tools for tests and checks into $(VENV) (once)"
	$(LOCKED) requirements/dev.txt
	@touch $@

# Where a compiler was missing, what is written in C was left out.
FIND_EXTENSIONS := $(BIN)/python -c 'import dedup._native, dedup.batch._native, \
	dedup.compare._native, dedup.paragraphs._native, dedup.quotations._native, \
	dedup.sentences._native'
$(COMPILED): $(RUN_READY)
	@$(FIND_EXTENSIONS) 2>/dev/null || { \
	command -v gcc >/dev/null || { \
	command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] || { \
	echo "The tests need a C compiler and Python's headers (Debian and Ubuntu: gcc, libc6-dev," >&2; \
	echo "python3-dev), then: make clean" >&2; exit 1; }; \
	echo "Installing gcc for the tests (once)"; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get -qq update && apt-get -qq install --yes --no-install-recommends gcc libc6-dev; }; \
	SECONDHAND_EXTENSIONS=required $(INSTALL) --no-build-isolation --no-deps --editable .; }
	@$(FIND_EXTENSIONS)
	@touch $@

# The bundled Valkey has no TLS. Debian starts a server that it installs, unless a file
# policy-rc.d says that it shall not (exit status 101).
FIND_SERVER := $(BIN)/python -c 'import sys; sys.path.insert(0, "tests"); \
	import servers; servers.find_tls_binary()'
$(SERVER_READY): $(DEV_READY) tests/servers.py
	@$(FIND_SERVER) 2>/dev/null || { \
	command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] || { \
	echo "The tests need a redis-server or valkey-server with TLS on the PATH: install the" >&2; \
	echo "package redis or valkey of your system (Debian and Ubuntu: redis-server)." >&2; exit 1; }; \
	echo "Installing redis-server for the tests (once; it is not started)"; \
	policy=/usr/sbin/policy-rc.d; \
	[ -e $$policy ] || { trap "rm -f $$policy" EXIT; \
	printf '#!/bin/sh\nexit 101\n' > $$policy; chmod 755 $$policy; }; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get -qq update && apt-get -qq install --yes --no-install-recommends redis-server; }
	@$(FIND_SERVER)
	@touch $@

# Spark 4 runs on Java 17 and newer.
FIND_JAVA := java -version 2>&1 | grep -qE 'version "(1[7-9]|[2-9][0-9])'
$(JAVA_READY): $(VENV_READY)
	@$(FIND_JAVA) || { \
	command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] || { \
	echo "The tests of the Spark engine need Java 17 or newer on the PATH: install the" >&2; \
	echo "package openjdk of your system (Debian and Ubuntu: default-jre-headless)." >&2; exit 1; }; \
	echo "Installing Java for the tests of the Spark engine (once)"; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get -qq update && apt-get -qq install --yes --no-install-recommends default-jre-headless; }
	@$(FIND_JAVA)
	@touch $@

.PHONY: run
run: $(RUN_READY) ## judge the five seed articles, then start the service on them
	@$(BIN)/secondhand add --data-dir $(DATA_DIR) seeds/*.txt
	@echo
	@echo "The service starts on http://$(HOST):$(PORT) with these articles. Ctrl-C stops it. Try:"
	@echo "  curl http://$(HOST):$(PORT)/v1/articles/001_d55ea6f705596ad4/verdict"
	@echo
	@$(BIN)/secondhand serve --data-dir $(DATA_DIR) --host $(HOST) --port $(PORT)

.PHONY: test
test: $(COMPILED) $(SERVER_READY) $(JAVA_READY) ## run all tests but the long ones
	$(BIN)/python -m pytest

.PHONY: test-long
test-long: $(COMPILED) $(SERVER_READY) $(JAVA_READY) ## run the tests that take minutes
	$(BIN)/python -m pytest -m long

.PHONY: wheel
wheel: $(DEV_READY) ## build a source distribution and a wheel into dist/
	SECONDHAND_EXTENSIONS=required $(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python

.PHONY: lint
lint: $(DEV_READY) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Holds hashes of every file that the registry lists, for all platforms and for Python 3.11
# and newer. The order matters: dev is held to what runtime chose.
# `make lock UPGRADE=--upgrade` takes newer versions.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

.PHONY: lock
lock: $(DEV_READY) ## write requirements/*.txt from pyproject.toml
	$(COMPILE) --group build --output-file requirements/build.txt
	$(COMPILE) pyproject.toml --output-file requirements/runtime.txt
	$(COMPILE) pyproject.toml --group dev --constraint requirements/runtime.txt \
	--output-file requirements/dev.txt

.PHONY: clean
clean: ## remove everything that make made, but no data
	rm -rf $(VENV) build dist ./*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find dedup -name '*.so' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
