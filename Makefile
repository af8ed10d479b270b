# The commands of a checkout. Each brings .venv up to date first, from the hash-pinned requirements.

PYTHON ?= python3
PYTEST_ARGS ?= -n auto
PACKAGE_TESTS ?= tests/test_seed.py tests/test_cli.py tests/test_http.py tests/test_search.py tests/dataset/test_load.py \
	tests/routes/test_explorer.py

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := python -m pip --disable-pip-version-check --quiet install
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# Generators of clients stay apart from the service: they are what its users have.
CLIENTS := $(VENV)/clients
CLIENT_PIP := $(CLIENTS)/bin/python -m pip --disable-pip-version-check --quiet
NODE := env PATH="$(CURDIR)/$(CLIENTS)/bin:$(CURDIR)/clients/node_modules/.bin:$$PATH" SCARF_ANALYTICS=false REDOCLY_TELEMETRY=off \
	REDOCLY_SUPPRESS_UPDATE_NOTICE=true

BROWSER_TESTS ?= clients/tests/test_browser.py clients/tests/explorer
CLIENT_PYTEST := $(NODE) PYTHONPATH=. python -m pytest --quiet

.PHONY: help serve test lint types check openapi openapi-lint openapi-diff sdk sdk-test browser-test screenshots fuzz fuzz-smoke image-test package package-test docs bench bench-smoke bench-scale bench-export overload-test hostile-test soak kill-test cluster-test lock clean

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

serve: $(VENV)/.serve-stamp ## Serve the API; obeys AIROUNDS_HOST, AIROUNDS_PORT, AIROUNDS_DATABASE_URL
	@exec $(BIN)/airounds serve

test: check lint types ## Check seed, style and types, and run all tests, or those of PYTEST_ARGS="-k cursor"
	$(BIN)/pytest $(PYTEST_ARGS)

lint: $(VENV)/.dev-stamp ## Check style, format, imports and the Dockerfile
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/hadolint Dockerfile

types: $(VENV)/.dev-stamp ## Check types
	$(BIN)/mypy

check: $(VENV)/.serve-stamp ## Check every row of the seed dataset
	$(BIN)/airounds check seed_data

bench: $(VENV)/.serve-stamp ## Compare with a ceiling, a textbook service and peers, into bench/RESULTS.md
	$(BIN)/python -m bench.compare

bench-smoke: $(VENV)/.serve-stamp ## A minute of that, printed: no peers, and no rates where wrk is missing
	$(BIN)/python -m bench.compare --smoke --seconds 2 --times 1

EXAMPLES ?= 100
ROWS ?= 1000000
bench-scale: $(VENV)/.serve-stamp ## Measure a database of ROWS rounds, or that of URL beside that of SMALL
	$(BIN)/python -m bench.scale --rows $(ROWS) $(if $(URL),--database '$(URL)') \
		$(if $(SMALL),--small '$(SMALL)') $(if $(LOAD),--load)

bench-export: $(VENV)/.serve-stamp ## Measure memory and first bytes of exports of ROWS rounds
	$(BIN)/python -m bench.exports --rows $(ROWS)

overload-test: $(VENV)/.serve-stamp ## Measure half-open connections and four times the load that can be sustained
	$(BIN)/python -m bench.overload $(if $(URL),--url '$(URL)')

hostile-test: $(VENV)/.dev-stamp ## Send 10,000 hostile requests to the service on each engine
	AIROUNDS_HOSTILE_REQUESTS=10000 $(BIN)/pytest tests/test_hostile.py

MINUTES ?= 30
soak: $(VENV)/.serve-stamp ## Ask for MINUTES while datasets change, and see that memory, files and threads don't grow
	$(BIN)/python -m bench.soak --minutes $(MINUTES) $(if $(URL),--url '$(URL)')

kill-test: $(VENV)/.dev-stamp ## Kill 100 loads and 50 migrations on each engine, and see what is left
	KILLED_LOADS=100 KILLED_MIGRATIONS=50 $(BIN)/pytest --capture no --verbose tests/faults/test_kill.py

cluster-test: $(VENV)/.dev-stamp ## Stop a replica and the primary of a PostgreSQL cluster under load
	ANSWERS=3000 $(BIN)/pytest --capture no --verbose tests/faults/test_cluster.py

openapi: openapi-diff ## Write the golden copy of the OpenAPI document, unless that breaks clients
	@cp build/openapi.json tests/openapi.json

openapi-diff: build/openapi.json ## Say what has changed since that copy, and what breaks clients
	@$(BIN)/python -m clients.compatibility tests/openapi.json $< CHANGELOG.md

openapi-lint: build/openapi.json clients/node_modules/.stamp ## Lint the OpenAPI document by Spectral, OWASP and Redocly
	$(NODE) spectral lint $< --ruleset clients/spectral.yaml --fail-severity warn
	$(NODE) redocly lint $< --config clients/redocly.yaml

sdk: build/openapi.json clients/node_modules/.stamp ## Generate clients for Python, TypeScript and others into build/sdk
	@$(NODE) PYTHONPATH=. python -m clients.generate

sdk-test: sdk ## Check names and types of the clients, and drive them on the seed as docs/clients.md shows
	@$(CLIENT_PIP) install --force-reinstall --no-deps --no-index build/sdk/airounds_client-*.whl
	$(CLIENT_PYTEST) clients/tests/test_names.py clients/tests/test_docs.py

browser-test: $(VENV)/.clients-stamp clients/node_modules/.stamp build/sdk/typescript/dist/index.js ## Use the explorer, and the API from another origin, in Chromium
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || test "$$(id -u)" != 0 || \
		(apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends chromium)
	$(CLIENT_PYTEST) $(BROWSER_TESTS)

screenshots: $(VENV)/.clients-stamp ## Take the pictures of the explorer in docs/explorer
	$(NODE) PYTHONPATH=. python -m clients.screenshots

fuzz-smoke: $(VENV)/.dev-stamp ## Ask the service 9,000 allowed and forbidden things, the same each time
	$(BIN)/python -m clients.fuzz sqlite --examples 10 --seed 20261127

fuzz: $(VENV)/.dev-stamp ## More of that, others each time, on SQLite and PostgreSQL; EXAMPLES=1000 for longer
	$(BIN)/python -m clients.fuzz sqlite postgresql --examples $(EXAMPLES)

build/sdk/typescript/dist/index.js:
	@$(MAKE) sdk

image-test: $(VENV)/.dev-stamp ## Build the image without a container engine, run it, and test it and nginx.conf; needs root, on Debian
	@command -v buildah debootstrap nginx > /dev/null || \
		apt-get install --yes --quiet --no-install-recommends buildah debootstrap nginx-light
	deploy/build_image.sh build/image
	AIROUNDS_IMAGE_FOLDER=build/image $(BIN)/pytest deploy/tests

package: $(VENV)/.dev-stamp ## Build wheel, sdist and CycloneDX SBOM into dist/
	@rm -rf dist
	$(BIN)/hatchling build
	$(BIN)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --output-file dist/airounds.cdx.json

# Beside the tests there is no app, migrations or seed_data, so that those of the wheel are tested.
package-test: package ## Run tests against the installed wheel: PACKAGE_TESTS="tests" is all of them
	@$(PYTHON) -m venv --clear build/installed
	@build/installed/bin/$(PIP_INSTALL) --require-hashes --requirement requirements.txt --requirement requirements-build.txt
	@build/installed/bin/$(PIP_INSTALL) --require-hashes --requirement requirements-dev.txt
	@build/installed/bin/$(PIP_INSTALL) --no-deps --no-index dist/*.whl
	@rm -rf build/apart && mkdir build/apart
	@cp -r tests bench clients docs pyproject.toml README.md CONTRIBUTING.md build/apart
	cd build/apart && ../installed/bin/pytest $(PYTEST_ARGS) $(PACKAGE_TESTS)

docs: $(VENV)/.serve-stamp ## Write the pages of docs/ that come from the code
	$(BIN)/python -m docs.generate

lock: $(VENV)/.dev-stamp $(VENV)/.clients-stamp ## Write the requirements files again; newest versions with UPGRADE=--upgrade
	$(COMPILE) $(UPGRADE) --group build --output-file requirements-build.txt
	$(COMPILE) $(UPGRADE) --all-extras --constraints requirements-build.txt \
		--output-file requirements.txt pyproject.toml
	$(COMPILE) $(UPGRADE) --all-extras --group dev --constraints requirements-build.txt \
		--constraints requirements.txt --output-file requirements-dev.txt pyproject.toml
	$(COMPILE) $(UPGRADE) --group clients --output-file requirements-clients.txt
	cd clients && $(NODE) npm install --package-lock-only

# Made anew each time: its sources are the whole of app/.
.PHONY: build/openapi.json
build/openapi.json: $(VENV)/.dev-stamp
	@mkdir -p build
	@$(BIN)/airounds openapi > $@

clean: ## Remove .venv, caches and builds; the databases under data/ stay
	rm -rf $(VENV) clients/node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.serve-stamp: requirements.txt requirements-build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("airounds needs Python 3.11 or newer: make PYTHON=...")'
	@echo "Installing what airounds needs into $(VENV) ..."
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.txt --requirement requirements-build.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev-stamp: $(VENV)/.serve-stamp requirements-dev.txt
	@echo "Installing what its tests need into $(VENV) ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@

$(VENV)/.clients-stamp: $(VENV)/.serve-stamp requirements-clients.txt
	@echo "Installing what generates clients into $(CLIENTS) ..."
	@$(PYTHON) -m venv --clear $(CLIENTS)
	@$(CLIENT_PIP) install --require-hashes --requirement requirements-clients.txt
	@touch $@

clients/node_modules/.stamp: $(VENV)/.clients-stamp clients/package.json clients/package-lock.json
	@echo "Installing the packages of Node that generate and lint into clients/node_modules ..."
	@cd clients && $(NODE) npm ci --loglevel error
	@touch $@
