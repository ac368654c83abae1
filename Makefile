# Each target is one line of Python: what it does is in tools/, documented in docs/how-to/set-up.md.
PYTHON ?= python3
VENV := .venv/bin
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help up down clean setup test check lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: setup ## Set up, start the embedded Azure, create stack local, train two models
	@$(VENV)/python -m tools.up

down: ## Destroy stack local and stop the embedded Azure
	@$(PYTHON) -m tools.down

clean: ## Stop, and remove every trace: .venv, .tools, .mlws, config.json and caches
	@$(PYTHON) -m tools.down --clean

setup: ## Get what is missing: Python packages, Azurite, the Pulumi CLI
	@$(PYTHON) -m tools.setup

test: ## Set up what is missing and run every test (PYTEST_ARGS='-k naming' for some)
	@$(PYTHON) -m tools.setup --tests
	@$(VENV)/python -m pytest -n 2 --dist loadgroup $(PYTEST_ARGS)

check: ## Format, lint, types and architecture, in seconds
	@$(PYTHON) -m tools.setup --quiet --only python
	@$(VENV)/ruff format $(if $(CI),--check) .
	@$(VENV)/ruff check .
	@$(VENV)/mypy
	@$(VENV)/python -m pytest -q tests/test_architecture.py

lock: ## Compile every requirements*.txt anew from its .in
	@$(PYTHON) -m tools.setup --quiet --only python
	@$(VENV)/python -m tools.lock
