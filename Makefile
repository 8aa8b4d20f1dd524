# make hunt [EVIDENCE=/path]   environment and the main job, on a bundled scenario or on your own evidence
# make test                    environment and the whole suite
# make bench                   speed, against the yardstick where it stands beside the checkout
# make wheel                   a folder of wheels for machines without a network
# make lock                    requirements.lock and requirements-dev.lock anew

PYTHON ?= python3
BIN := .venv/bin
EVIDENCE ?=
CASE ?= case
OPTIONS ?=
DEBIAN := chromium fonts-noto-cjk minisign

.PHONY: hunt test bench lint types wheel lock debian clean

hunt: .venv/.run
ifeq ($(EVIDENCE),)
	@test -f .scenario/truth.json || { rm -rf .scenario && $(BIN)/sakimori scenario .scenario --kind cloud; }
	$(BIN)/sakimori hunt .scenario/evidence --case $(CASE) $(OPTIONS)
else
	$(BIN)/sakimori hunt $(EVIDENCE) --case $(CASE) $(OPTIONS); code=$$?; test $$code -eq 0 -o $$code -eq 3
endif

test: .venv/.dev debian lint types
	$(BIN)/pytest

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/.dev
	$(BIN)/mypy

bench: .venv/.dev
	$(BIN)/python -m bench $(OPTIONS)

wheel: .venv/.run
	$(BIN)/pip wheel --quiet --wheel-dir dist --require-hashes -r requirements.lock
	$(BIN)/pip wheel --quiet --wheel-dir dist --no-deps .

lock: .venv/.dev
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements-dev.lock

# Tests start Debian's Chromium and the programs that read our feeds: installed where that is allowed, never started
# as services; else those tests skip and say why.
debian:
	@tests/debian.sh

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Sakimori needs Python 3.11 or newer: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps -e .
	@touch $@ .venv/.run

clean:
	rm -rf .venv .scenario $(CASE) dist build
