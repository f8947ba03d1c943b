# Every door of the project. `make help` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
export PATH := $(CURDIR)/$(BIN):$(PATH)
export UV_PYTHON_DOWNLOADS := never
export DVC_NO_ANALYTICS := 1

.DEFAULT_GOAL := help
.PHONY: help env repro test lint format lab pictures publish lock model bench browser clean

help: ## list these doors
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(STAMP) ## make .venv from the hashed lock

$(STAMP): requirements.lock pyproject.toml scripts/make_env.sh
	@PYTHON="$(PYTHON)" sh scripts/make_env.sh $(VENV)
	@touch $@

repro: $(STAMP) ## rebuild what changed: environment, tables, reports
	@python scripts/after_kill.py && dvc repro

test: $(STAMP) browser ## run all tests
	@pytest -n 2 --dist loadfile

lint: $(STAMP) ## check style and types
	@ruff check . && ruff format --check . && mypy

format: $(STAMP) ## format the code
	@ruff check --fix . ; ruff format .

bench: $(STAMP) ## measure the speed of `tongbao build`, and count what is extracted
	@python benchmarks/extraction.py && python benchmarks/snapshot.py --check

lab: repro ## open JupyterLab at a start notebook
	@jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks/start.ipynb

pictures: repro browser ## photograph every page (wide, dark, telephone, print) into .tongbao/screenshots
	@python tests/pictures.py

publish: repro ## pack the rendered reports and the tables into dist/
	@tongbao publish

lock: $(STAMP) ## resolve pyproject.toml anew into requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra dev --no-emit-index-url \
	  --custom-compile-command "make lock" --upgrade pyproject.toml -o requirements.lock

model: $(STAMP) ## count the scoring model of byte repair anew (data/reference/model)
	@python scripts/build_model.py

browser: ## see to it that a Chromium is there for the browser tests (Debian and kin)
	@sh scripts/get_browser.sh

clean: ## remove everything that can be made again
	@rm -rf $(VENV) .tongbao data/interim .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build src/*.egg-info
