# Two commands set everything up: `make demo` (the main job) and `make test` (the checks). Plain pip and venv, pinned.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help demo test lint serve bench clean
help:
	@echo "make demo    set up, then translate, check and summarise one article of each language"
	@echo "make test    set up, then ruff, mypy and pytest"
	@echo "make serve   set up, then start the service on http://127.0.0.1:8000"
	@echo "make bench   set up, then measure"

$(VENV)/.run: pyproject.toml constraints.txt
	$(BIN)/python -c 'import pip, sys; assert sys.version_info >= (3, 11)' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PIP) -c constraints.txt -e '.[dev]'
	touch $@

demo: $(VENV)/.run
	@for article in ro-buget it-alluvione uk-energetyka; do \
		$(BIN)/tolmach article tests/data/articles/$$article.txt || exit 1; \
	done

serve: $(VENV)/.run
	$(BIN)/tolmach serve

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n auto --dist loadfile

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
