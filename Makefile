# make run    try /mando in the browser: no account, no cloud        make run SEED="Ada Lovelace" SYMMETRY=12
# make demo   the same in the terminal, once
# make faults every fault alone, each with its verdict                ARGS="--report faults.md"
# make test   every test
# make check  format, lint, types, shell scripts, the page (make lint), then the tests: what CI runs
# make bench  how fast, against the way of the blog post
# make register, make doctor, make tunnel   a real application: ARGS="--help" tells more
# make lock   resolve each requirements*.in again

VENV := .venv
BIN := $(VENV)/bin
PAGE := playground/static
PARALLEL := --numprocesses 4 --dist worksteal  # two processors are kept busy by four: most of a test's time is waiting
export PIP_DISABLE_PIP_VERSION_CHECK := 1

OPTIONS = $(foreach option,SEED SYMMETRY RINGS STYLE PALETTE PRIVATE,$(if $(value $(option)),--$(shell echo $(option) | tr A-Z a-z) "$$$(option)"))
export SEED SYMMETRY RINGS STYLE PALETTE PRIVATE

.PHONY: help run demo faults test lint check fix bench register doctor tunnel lock clean

help:
	@sed -n 's/^# make /make /p' Makefile

run: $(VENV)/installed
	@$(BIN)/python -m playground $(OPTIONS) $(ARGS)

demo: $(VENV)/installed
	@$(BIN)/python -m playground --once $(OPTIONS) $(ARGS)

faults: $(VENV)/installed
	@$(BIN)/python -m playground --faults $(OPTIONS) $(ARGS)

test: $(VENV)/tools
	$(BIN)/pytest $(PARALLEL) $(ARGS)

lint: $(VENV)/tools
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy .
	$(BIN)/shellcheck deploy.sh tools/*.sh tests/*.sh .ci/*
	$(BIN)/deno fmt --check $(PAGE)
	$(BIN)/deno lint --quiet $(PAGE)

check: lint test

fix: $(VENV)/tools
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/deno fmt --quiet $(PAGE)

bench: $(VENV)/installed
	$(BIN)/python -m benchmarks $(ARGS)

register doctor tunnel: $(VENV)/installed
	@$(BIN)/python -m tools.$@ $(ARGS)

lock: $(VENV)/tools
	$(BIN)/uv pip compile $(LOCK) --only-binary :all: requirements.in -o requirements.txt $(ARGS)
	$(BIN)/uv pip compile $(LOCK) fakes/requirements.in -o fakes/requirements.txt $(ARGS)
	$(BIN)/uv pip compile $(LOCK) tools/requirements-dev.in -o tools/requirements-dev.txt $(ARGS)
LOCK := --quiet --generate-hashes --python-version 3.12 --python-platform x86_64-manylinux_2_28

clean:
	rm -rf $(VENV) .python out .hypothesis .mypy_cache .pytest_cache .ruff_cache

# Stamps, not the folder: an installation that was interrupted is begun again. The first is enough to run mando.
$(VENV)/installed: requirements.txt fakes/requirements.txt
	@python=$$(tools/find_python.sh $(PYTHON)) && \
	echo "Installing mando's packages into $(VENV) (half a minute, once)…" && \
	"$$python" -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --require-hashes $(^:%=-r %)
	@touch $@

$(VENV)/tools: tools/requirements-dev.txt $(VENV)/installed
	@echo "Installing what tests and linters need (half a minute, once)…"
	@rm $(VENV)/installed
	@$(BIN)/pip install --quiet --require-hashes -r $<
	@touch $(VENV)/installed $@
