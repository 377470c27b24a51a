# Every target works on a fresh machine with Python 3.11 or newer. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv/bin
PYTEST := $(VENV)/python -m pytest
# Two workers suit two cores; WORKERS=0 runs in one process.
WORKERS ?= 2

.PHONY: help up test check laws format test-sqlite test-postgresql test-browser bench soak

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: ## install what is missing, then start the platform on http://localhost:8000
	@$(PYTHON) bin/setup base
	$(VENV)/sanban up

check: ## lint, format, types, import contracts and the laws of the house (fast)
	@$(PYTHON) bin/setup test
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(PYTEST) tests/laws -q

test: ## everything: check, all tests on SQLite and on PostgreSQL, the browser
	@PYTHON="$(PYTHON)" bash bin/setup-test
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgresql
	@$(MAKE) --no-print-directory test-browser

test-sqlite: ## all tests but the browser's, on SQLite
	SANBAN_TEST_DB=sqlite $(PYTEST) -q -n $(WORKERS) --dist loadscope -m "not browser"

test-postgresql: ## all tests but the browser's, on a private PostgreSQL
	SANBAN_TEST_DB=postgresql $(PYTEST) -q -n $(WORKERS) --dist loadscope -m "not browser"

test-browser: ## the tests that drive a real Chromium
	SANBAN_TEST_DB=sqlite $(PYTEST) -q -m browser

format: ## rewrite the files as `check` wants them
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

bench: ## figures of speed, one JSON line each; sizes by environment: bench/README.md
	@$(PYTHON) bin/setup test
	@for figure in bench/*.py; do echo "== $$figure"; $(VENV)/python "$$figure" || exit 1; done

soak: ## kills and clock steps, load, then every property with 2,000 examples; takes long
	@PYTHON="$(PYTHON)" bash bin/setup-test
	SLIPS=20000 $(VENV)/python bench/slips.py
	$(VENV)/python bench/kills.py
	SIZES=10000 $(VENV)/python bench/pages.py
	SANBAN_EXAMPLES=soak SANBAN_TEST_DB=sqlite $(PYTEST) -q -n $(WORKERS) --dist loadscope -m "not browser"
	SANBAN_EXAMPLES=soak SANBAN_TEST_DB=postgresql $(PYTEST) -q -n $(WORKERS) --dist loadscope -m "not browser"
