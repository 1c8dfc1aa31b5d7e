# `make run` starts vaegui, `make test` tests it. Both set up all they need by themselves.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
PYTHON ?=
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test test-long lint bench screenshots constraints clean libraries test-libraries

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  PYTHON=python3.12 make ... chooses the interpreter for a new $(VENV)"

run: libraries $(READY) ## start the program
	$(BIN)/vaegui

test: test-libraries $(READY) ## run the tests
	$(BIN)/python -m pytest -m "not long" -n 2 --dist worksteal

test-long: test-libraries $(READY) ## run the tests that take minutes
	$(BIN)/python -m pytest -m long

lint: $(READY) ## check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: test-libraries $(READY) ## measure speed against plain Keras and published figures
	$(BIN)/python -m benchmarks

screenshots: test-libraries $(READY) ## make the pictures in docs/screenshots from the real program
	$(BIN)/python tools/screenshots.py

constraints: ## renew constraints.txt with the newest versions that pyproject.toml allows
	bash tools/setup.sh constraints

clean: ## remove the environment and all that was built
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find vaegui tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Quick when all is there, so that each start may look.
libraries:
	@bash tools/setup.sh libraries

test-libraries:
	@bash tools/setup.sh libraries xvfb

$(READY): pyproject.toml constraints.txt tools/setup.sh
	bash tools/setup.sh environment $(VENV)
	@touch $@
