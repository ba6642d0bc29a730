# Two commands do all the set-up: `make run` and `make test`. They need Python 3.11 or newer.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# One process of tests for each processor. To debug: make test PARALLEL=
PARALLEL ?= --numprocesses=auto --maxprocesses=8 --dist=worksteal
# What pytest rewrites, and what a test starts, is compiled once and not at each start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check lint types imports migrations test-postgresql \
	browser faults operations rounds test-wheel wheel bench-split bench-claims bench-render bench-joining bench-import bench-outbox bench-smtp train-split pictures goldens \
	lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: .venv/runtime ## the main job on the example home: articles in, outbox/ out
	@$(BIN)/meridian run

test: .venv/dev ## the tests on SQLite, with branch coverage
	$(PYTEST) $(PARALLEL) -m "not browser and not faults and not wheel" --cov --cov-report=term

check: lint types imports migrations test ## everything a change must pass

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/dev
	$(BIN)/mypy

imports: .venv/dev
	$(BIN)/lint-imports

migrations: .venv/dev
	MERIDIAN_HOME=$$(mktemp -d) DJANGO_SETTINGS_MODULE=pipeline.settings \
		$(BIN)/python -m django makemigrations --check --dry-run

test-postgresql: .venv/dev ## the database tests again, on PostgreSQL
	$(PYTEST) $(PARALLEL) -m "database and not faults" --database=postgresql

browser: .venv/dev ## the tests that need Chromium
	$(PYTEST) $(PARALLEL) -m browser

faults: .venv/dev ## the tests that kill processes, on both databases
	$(PYTEST) $(PARALLEL) -m faults
	$(PYTEST) $(PARALLEL) -m faults --database=postgresql

operations: .venv/dev ## 100,000 random operations on the audience, on both databases (SEED=… the same again)
	OPERATIONS=100000 $(PYTEST) tests/audience/test_operations.py --log-cli-level=info
	OPERATIONS=100000 $(PYTEST) tests/audience/test_operations.py --log-cli-level=info --database=postgresql

rounds: .venv/dev ## two schedulers and ten workers, 1,000 times, on both databases (X7)
	ROUNDS=1000 $(PYTEST) tests/outbox/test_rounds.py
	ROUNDS=1000 $(PYTEST) tests/outbox/test_rounds.py --database=postgresql

years: .venv/dev ## whole years of three newsletters from several seeds, on both databases; takes an hour (SEED=… the first)
	YEARS=3 WEEKS=52 $(PYTEST) tests/engine/test_year.py --log-cli-level=info
	YEARS=3 WEEKS=52 $(PYTEST) tests/engine/test_year.py --log-cli-level=info --database=postgresql

test-wheel: .venv/dev ## the built wheel in an empty environment and an empty folder
	$(PYTEST) -m wheel

wheel: .venv/dev ## dist/*.whl
	$(BIN)/hatchling build -t wheel

bench-split: .venv/bench ## benchmarks/split.md anew (BENCHMARK=folder of the articles)
	$(BIN)/python benchmarks/split/report.py $(BENCHMARK)

bench-claims: .venv/dev ## benchmarks/claims.md anew
	$(BIN)/python benchmarks/claims.py

train-split: .venv/bench ## the splitter's weights, fitted anew (BENCHMARK=…)
	$(BIN)/python benchmarks/split/train.py $(BENCHMARK)

bench-joining: .venv/dev ## benchmarks/joining.md anew
	PYTHONPATH=. $(BIN)/python benchmarks/joining.py

bench-render: .venv/dev ## benchmarks/render.md anew; with npm, beside the reference compiler
	@npm install --silent --no-save --no-package-lock --prefix .venv/node mjml@5.4.1 vnu-jar@26.9.27 || echo "npm is not here: no comparison"
	PYTHONPATH=. $(BIN)/python benchmarks/render/report.py .venv/node

bench-import: .venv/dev ## benchmarks/import.md anew, on both databases
	PYTHONPATH=. $(BIN)/python benchmarks/import.py

bench-outbox: .venv/dev ## benchmarks/outbox.md anew, on both databases
	PYTHONPATH=. $(BIN)/python benchmarks/outbox/report.py

bench-smtp: .venv/dev ## benchmarks/smtp.md anew
	PYTHONPATH=. $(BIN)/python benchmarks/outbox_smtp.py

goldens: .venv/dev ## the golden pictures of emails, taken anew: look at each one
	PYTHONPATH=. $(BIN)/python scripts/goldens.py

pictures: .venv/dev ## the pictures of README and docs, made anew
	$(BIN)/python scripts/pictures.py

lock: ## requirements/*.txt anew (needs uv)
	scripts/lock

clean:
	rm -rf .venv dist build .coverage htmlcov .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

.venv/runtime: requirements/runtime.txt requirements/build.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Meridian needs Python 3.11 or newer." >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing what Meridian needs into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements/runtime.txt -r requirements/build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	@echo "installing what the tests need into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.venv/bench: .venv/dev requirements/bench.txt
	@echo "installing what the benchmarks need into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@
