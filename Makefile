# make run    try /mando in the browser: no account, no cloud        make run SEED="Ada Lovelace" SYMMETRY=12
# make demo   the same in the terminal, once
# make test   every test
# make check  format, lint, types, shell scripts (make lint), then the tests: what CI runs
# make bench  how fast, against the way of the blog post
# make register, make doctor, make tunnel   a real application: ARGS="--help" tells more
# make lock   resolve requirements*.in again

PYTHON ?= python3.12
VENV := .venv
BIN := $(VENV)/bin
PARALLEL := --numprocesses 2 --dist loadfile  # most of the tests' time is waiting
export PIP_DISABLE_PIP_VERSION_CHECK := 1

OPTIONS = $(foreach option,SEED SYMMETRY RINGS STYLE PALETTE PRIVATE,$(if $(value $(option)),--$(shell echo $(option) | tr A-Z a-z) "$$$(option)"))
export SEED SYMMETRY RINGS STYLE PALETTE PRIVATE

.PHONY: help run demo test lint check fix bench register doctor tunnel lock clean

help:
	@sed -n 's/^# make /make /p' Makefile

run: $(VENV)/installed
	@$(BIN)/python -m playground $(OPTIONS) $(ARGS)

demo: $(VENV)/installed
	@$(BIN)/python -m playground --once $(OPTIONS) $(ARGS)

test: $(VENV)/installed
	$(BIN)/pytest $(PARALLEL) $(ARGS)

lint: $(VENV)/installed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy .
	$(BIN)/shellcheck deploy.sh .ci/run

check: lint test

fix: $(VENV)/installed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/installed
	$(BIN)/python -m benchmarks $(ARGS)

register doctor tunnel: $(VENV)/installed
	@$(BIN)/python -m tools.$@ $(ARGS)

lock: $(VENV)/installed
	$(BIN)/uv pip compile $(LOCK) --only-binary :all: requirements.in -o requirements.txt $(ARGS)
	$(BIN)/uv pip compile $(LOCK) requirements-dev.in -o requirements-dev.txt $(ARGS)
LOCK := --quiet --no-header --generate-hashes --python-version 3.12 --python-platform x86_64-manylinux_2_28

clean:
	rm -rf $(VENV) out .hypothesis .mypy_cache .pytest_cache .ruff_cache

# The stamp, not the folder: an installation that was interrupted is begun again.
$(VENV)/installed: requirements-dev.txt
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' || { \
		echo "mando needs Python 3.12, the newest for which all of its packages are built. Install it" >&2; \
		echo "(uv python install 3.12, pyenv install 3.12, brew install python@3.12), or name it: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; }
	@echo "Installing mando's packages into $(VENV) (about a minute, once)…"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@
