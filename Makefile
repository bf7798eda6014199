# The two commands a newcomer needs are `make demo` and `make test`; the rest is for daily work.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format lock clean

help:  ## Show this list
	@grep -hE '^[a-z]+:.*  ## ' $(MAKEFILE_LIST) | awk -F ':.*  ## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(INSTALLED)  ## Create .venv with the locked dependencies and the leadscore command

# Bytecode is compiled while installing: without it, every start of dbt takes twice as long.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(not (3, 11) <= v[:2] <= (3, 13) and f"Python 3.11 to 3.13 is needed, {sys.executable} is {v.major}.{v.minor}; try: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip sync --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --editable .
	@touch $@

demo: setup  ## Make a realistic CRM, score it, test it, publish it, and say what to look at
	$(BIN)/leadscore demo

test: setup lint  ## Run everything that CI runs: linters, dbt unit and data tests, pytest
	$(BIN)/pytest

lint: setup  ## Check the style of SQL (sqlfluff) and Python (ruff, mypy)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	@mkdir -p target
	LEADSCORE_WAREHOUSE=target/lint.duckdb $(BIN)/sqlfluff lint --processes 2 models macros tests

format: setup  ## Rewrite SQL and Python in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	@mkdir -p target
	LEADSCORE_WAREHOUSE=target/lint.duckdb $(BIN)/sqlfluff fix --processes 2 models macros tests

lock:  ## Resolve the newest versions that pyproject.toml allows into requirements.lock
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --quiet --format requirements-txt --all-extras --no-emit-project --output-file requirements.lock
	@rm uv.lock

clean:  ## Delete the environment and everything a run leaves behind
	rm -rf $(VENV) target logs demo published warehouse.duckdb*
