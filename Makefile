# One command per need. Everything lives in .venv; every step is stamped, so a repeated run costs nothing.
VENV := .venv
PY := $(VENV)/bin/python
# The first of these that runs, is new enough and can make environments.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	if $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)
CONFIG ?= config
PACKAGES := domain handlers storage scheduler console bot
PYTEST_ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-run run test faults check bench screenshots clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.ready-dev  ## prepare .venv with everything for development

setup-run: $(VENV)/.ready-run

run: $(VENV)/.ready-run  ## start the sample community on http://127.0.0.1:8080
	exec $(VENV)/bin/steward run --config $(CONFIG)

test: $(VENV)/.ready-dev $(VENV)/.ready-gateway $(VENV)/.ready-browser  ## run all tests
	$(PY) -m pytest $(PYTEST_ARGS)

faults: $(VENV)/.ready-dev $(VENV)/.ready-gateway $(VENV)/.ready-browser  ## bad days, as long and as often as promised
	STEWARD_FAULTS=full $(PY) -m pytest tests/faults -s $(PYTEST_ARGS)

check: $(VENV)/.ready-dev  ## format, lint, types, import rule
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.ready-dev $(VENV)/.ready-gateway  ## measure speed; results in bench/results
	$(PY) -m bench

screenshots: $(VENV)/.ready-dev $(VENV)/.ready-browser  ## make the pictures of docs/ from the sample community
	$(PY) -m tests.browser.screenshots

clean:  ## remove the environment and caches; keeps data/
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf tests/gateway/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with the venv module is needed (Debian: apt-get install python3-venv)." >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

# An editable install leaves our own modules to be compiled at every start where nothing may be written beside them.
$(VENV)/.ready-run: $(PY) pyproject.toml constraints.txt
	@echo 'Installing what Steward needs; this takes a minute or two the first time.'
	$(PY) -m pip install --quiet --progress-bar on --editable . --constraint constraints.txt
	$(PY) -m compileall -q $(PACKAGES)
	@touch $@

$(VENV)/.ready-dev: $(PY) pyproject.toml constraints.txt
	$(PY) -m pip install --quiet --editable '.[dev]' --constraint constraints.txt
	$(PY) -m compileall -q $(PACKAGES)
	@touch $@ $(VENV)/.ready-run

$(VENV)/.ready-gateway: $(VENV)/.ready-dev $(wildcard tests/gateway/package.json tests/gateway/package-lock.json)
	$(PY) -m tests.gateway.install
	@touch $@

$(VENV)/.ready-browser: $(VENV)/.ready-dev tests/chromium.py
	$(PY) -m tests.chromium
	@touch $@
