# Everything a person or a CI runs. `make help` lists the targets.

STACK ?= local
FLAGS ?=
# The interpreter of the environment. Default: the first of python3, python3.14 … that will do.
PYTHON ?=

VENV := .venv
PY   := $(VENV)/bin/python

# pulumi_aws has thousands of modules: without their bytecode each start takes 5 s longer.
# An empty value undoes a PYTHONDONTWRITEBYTECODE=1 that some environments set.
export PYTHONDONTWRITEBYTECODE :=
export PYTHON
# A virtual environment or interpreter that the caller has active is not ours.
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT UV_PYTHON PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help

SIMULATE = $(PY) -m simulator $@ --stack "$(STACK)" $(FLAGS)

##@ The platform on the embedded cloud (no AWS account needed)

.PHONY: preview up refresh destroy outputs resources report cancel
preview: setup ## Show what an up would do
	@$(SIMULATE)
up: setup ## Bring the stack up
	@$(SIMULATE)
refresh: setup ## Compare the state with the cloud
	@$(SIMULATE)
destroy: setup ## Remove everything
	@$(SIMULATE)
outputs: setup ## Print the stack's outputs
	@$(SIMULATE)
resources: setup ## Print every resource of a preview, as JSON
	@$(SIMULATE)
report: setup ## Write the stack's diagram, cost, rights and reach (FLAGS="--against staging")
	@$(SIMULATE)
cancel: setup ## Free a stack that an interrupted command left locked
	@$(SIMULATE)

##@ Development

.PHONY: test stacks-test e2e collector lint types check bench schema wheel scan policies-check inventory release-state workflows-check
test: engine ## Run the tests (FLAGS="-k name" picks some)
	@$(PY) -m pytest -n auto --dist worksteal --ignore tests/stacks --ignore tests/e2e $(FLAGS)
stacks-test: engine ## Run the slower tests: whole stacks on the engine
	@bash scripts/browser-setup
	@$(PY) -m pytest tests/stacks -n auto --dist worksteal $(FLAGS)
e2e: engine kubernetes ## Run the Kubernetes half against a real API server
	@$(PY) -m pytest tests/e2e $(FLAGS)
collector: setup ## Build OpenTelemetry's collector, which some of stacks-test need
	@$(PY) -m tests.collector
lint: setup ## Check style and formatting
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
types: setup ## Check types
	@$(VENV)/bin/basedpyright
check: lint types test ## Lint, types and tests
bench: engine ## Measure time and memory of every stack
	@$(PY) -m simulator.bench $(FLAGS)
scan: engine ## Another opinion on STACK's resources, by checkov
	@$(PY) -m simulator.scan --stack "$(STACK)" $(FLAGS)
policies-check: setup ## Check STACK's resources against the policies (FLAGS="--format sarif")
	@$(MAKE) -s resources STACK="$(STACK)" FLAGS= | $(PY) -m policies check - --stack "$(STACK)" $(FLAGS)
workflows-check: setup ## Check the workflows of CI by actionlint and their schemas
	@$(PY) -m tests.workflows
schema: setup ## Regenerate the schemas of the stack files and of the component package
	@$(PY) -m stacks schema
	@$(PY) -m components._package
wheel: setup ## Build the components as a Python wheel, in dist/
	@$(VENV)/bin/uv build --wheel
inventory: setup ## Regenerate what each stack consists of, and tell what is different
	@$(PY) -m tests.upgrade inventory $(FLAGS)
release-state: engine ## Keep the states of HEAD's stacks for upgrade tests (see docs/upgrades.md)
	@$(PY) -m tests.upgrade state $(FLAGS)

##@ Documentation

.PHONY: docs docs-serve reference
# The build prints when Material's makers stop mending it, each time; pyproject.toml says it once.
docs docs-serve: export NO_MKDOCS_2_WARNING := 1
docs: setup ## Build the site, in site/; any broken link fails
	@$(VENV)/bin/uv sync --frozen --quiet --inexact --group diagrams
	@$(PY) -m mkdocs build --strict $(FLAGS)
docs-serve: setup ## Show the site while you write, on http://127.0.0.1:8000
	@$(VENV)/bin/uv sync --frozen --quiet --inexact --group diagrams
	@$(PY) -m mkdocs serve $(FLAGS)
reference: setup ## Regenerate docs/reference
	@$(PY) -m scripts.docs

##@ The services of the golden path (examples/services)

.PHONY: services services-test new-service
new-service: setup ## Add a service to the stack files, and its code: make new-service NAME=billing
	@$(PY) -m stacks new-service "$(NAME)" $(FLAGS)
services: setup ## Start them here, with real Redis, Kafka, RabbitMQ and Elasticsearch, until Ctrl-C
	@bash scripts/services-setup
	@$(MAKE) --no-print-directory -C examples/services run
services-test: setup ## Check and test them
	@bash scripts/services-setup
	@$(MAKE) --no-print-directory -C examples/services check FLAGS='$(FLAGS)'

##@ Set-up (the targets above do it by themselves)

.PHONY: setup engine kubernetes clean help
setup: $(VENV)/.synced ## Make the Python environment

# Standard output belongs to the command that needed the set-up.
$(VENV)/.synced: pyproject.toml uv.lock scripts/setup
	@bash scripts/setup $(VENV) >&2

engine: setup ## Make sure that there is a Pulumi engine (built once per machine)
	@$(PY) -m simulator.engine >/dev/null

kubernetes: setup ## Make sure that there is a Kubernetes for e2e (built once per machine)
	@$(PY) -m tests.e2e.cluster >/dev/null

clean: ## Remove the Python environment and caches (not what was built, not any state)
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this help
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile
	@printf '\nSTACK=local|dev|staging|prod picks the stack (now: $(STACK)), FLAGS="..." is passed on.\n'
