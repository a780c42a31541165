# What a newcomer needs: `make demo` shows the engine at work, `make test` runs everything that is checked by tests.
# Both make the folder .venv first, and both need git, make and Python 3.11 or newer, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= auto
INPUTS ?= 100000

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types check mutate bench fuzz clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and \`$(PYTHON)\` is $$($(PYTHON) --version 2>/dev/null || echo not there)."; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  echo "\`$(PYTHON) -m venv\` does not work here. On Debian and Ubuntu it comes with the package python3-venv."; exit 1; }
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(INSTALLED) ## decide a return and show how the answer comes about
	@echo "A hoodie came with a fault, and the customer asks for a refund 14 days later:"
	@echo
	@echo "  policy-engine decide policies/kaolate.yaml return examples/requests/defective_in_time.json"
	@echo
	@$(BIN)/policy-engine decide policies/kaolate.yaml return examples/requests/defective_in_time.json
	@echo
	@echo "Two mugs in the wrong colour, asked about too late, and why the answer is what it is:"
	@echo
	@echo "  policy-engine explain policies/kaolate.yaml return examples/requests/late.json"
	@echo
	@$(BIN)/policy-engine explain policies/kaolate.yaml return examples/requests/late.json

test: $(INSTALLED) ## run all tests
	@$(BIN)/python -m pytest -n $(WORKERS)

lint: $(INSTALLED) ## look for mistakes and bad form in the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(INSTALLED) ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(INSTALLED) ## check the types, strictly
	@$(BIN)/mypy --strict engine

check: $(INSTALLED) ## check the policies and run their worked cases
	@$(BIN)/policy-engine check policies
	@$(BIN)/policy-engine test tests/cases

mutate: $(INSTALLED) ## change the policies and see whether their cases notice (minutes)
	@$(BIN)/policy-engine mutate tests/cases --fail-under 90

bench: $(INSTALLED) ## measure start-up, speed and memory
	@$(BIN)/python benchmarks/start.py
	@$(BIN)/python benchmarks/cases.py
	@$(BIN)/python benchmarks/rules.py
	@$(BIN)/python benchmarks/stream.py

fuzz: $(INSTALLED) ## feed INPUTS odd inputs to the engine (see docs/fuzzing.md)
	@$(BIN)/python tests/fuzz/run.py --count $(INPUTS)

clean: ## remove everything that was made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
