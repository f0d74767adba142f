# make demo: hear and see packet loss.  make class: the same for a class, over the network, with a class code.
# Both take MODELS=FOLDER: your own recognisers beside ours.
# make test: everything that is checked before a change lands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
OFFERED := $(if $(MODELS),-- --models "$(MODELS)")
IN_PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadgroup

.PHONY: demo class test lint corpus clean

demo: $(VENV)/.demo
	$(BIN)/streamlit run dashboard/app.py $(OFFERED)

class: $(VENV)/.demo
	$(BIN)/streamlit run dashboard/app.py --server.address=0.0.0.0 $(OFFERED)

test: $(VENV)/.test lint
	$(BIN)/python -m pytest $(IN_PARALLEL)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The default corpus needs a C compiler: its speech tools are source packages.
corpus: $(VENV)/.corpus
	$(BIN)/python scripts/make_corpus.py

clean:
	rm -rf $(VENV)

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "sercore needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11 demo"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv is missing (Debian and Ubuntu: apt install python3-venv)"; exit 2; }
	@touch $@

$(VENV)/.demo: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing sercore into $(VENV): once, a few minutes ..."
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing sercore and its test tools into $(VENV): once, a few minutes ..."
	$(PIP) --editable '.[dev]'
	@touch $@

$(VENV)/.corpus: $(VENV)/.python pyproject.toml constraints.txt
	$(PIP) --editable '.[corpus]'
	@touch $@
