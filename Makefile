# Two commands do all the set-up that they need: `make demo` and `make test`.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check setup docs clean

demo: setup
	$(BIN)/postguard demo --out demo-out

test: setup
	$(BIN)/pytest --cov --cov-report=term

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: setup
	$(BIN)/properdocs build --strict --config-file mkdocs.yml

setup: .venv/.ready

.venv/.ready: pyproject.toml plugins/postguard-contact/pyproject.toml .ci/system-libraries
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev,docs]' --editable plugins/postguard-contact
	sh .ci/system-libraries $(BIN)/python
	touch $@

clean:
	rm -rf .venv .venv-* demo-out site
