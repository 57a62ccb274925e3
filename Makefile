# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VIERLUIK = .venv/bin/vierluik

.PHONY: help setup demo test check bench chaos soak clean lock

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup:
	@$(PYTHON) bootstrap.py

demo: setup ## The main job on the sample site, then the dashboard (ONCE=1 ends after the summary)
	@$(VIERLUIK) demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

test: setup ## All tests
	@.venv/bin/pytest -n 4 --dist loadgroup --no-loadscope-reorder $(TESTS)

check: setup ## Linter, format, strict types, import contract, generated pages
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/python -m rules.index --check
	@.venv/bin/python -m rules.criteria --check
	@.venv/bin/python -m vierluik.reference --check

bench: setup ## Measure CPU, memory and completeness against the floor and the peers
	@.venv/bin/python -m benchmarks $(BENCH)

chaos: setup ## Kill workers, browsers, runs and the database at random, many times over (ROUNDS=20)
	@VIERLUIK_CHAOS_ROUNDS=$(or $(ROUNDS),20) .venv/bin/pytest -k chaos tests/scheduler/test_workers_and_browsers.py

soak: setup ## Walk the journeys of the sample site many times over (ROUNDS=50); what was stopped goes on where it was
	@.venv/bin/python -m benchmarks.journey_soak --rounds $(or $(ROUNDS),50)

lock: setup ## Renew requirements.lock (versions and hashes, no addresses)
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--group dev pyproject.toml -o requirements.lock

clean: ## Remove what was built, fetched or left behind (not your database)
	@rm -rf .venv .demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf dashboard/static/vendor checks/accessibility/engines/*/vendor checks/content/spelling/vendor benchmarks/results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
