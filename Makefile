# `make help` says what there is. Everything sets itself up; see README.md.
# The first Python that runs and fits; python3 as it is if none does, and it says so itself.
PYTHON ?= $(shell for name in python3 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null && echo $$name && exit; \
	done; command -v python3)
RUN = .venv/bin/python
PORT ?= 8000
export PORT
DAYS = 2026-12-10T23:59:15 2026-12-31T23:59:15 2027-03-31T23:59:15
CHECKED = SECRET_KEY=$$($(RUN) -c "import secrets; print(secrets.token_urlsafe(64))") ALLOWED_HOSTS=example.vn PUBLIC_ADDRESS=https://example.vn DATABASE_URL=postgresql:///unused REDIS_URL=redis://localhost DEBUG=0 DEMO=0 DATABASE_POOL=0
# Two processes; the tests of a file stay together.
BY_TWO = --numprocesses 2 --dist loadfile --no-loadscope-reorder
DENO = DENO_DIR=.deno_cache DENO_NO_UPDATE_CHECK=1 .venv/bin/deno

.PHONY: help demo test test-days attack faults walk mutations check safety smoke pins drawings pictures run-packages dev-packages
.DEFAULT_GOAL := help

help: ## what there is
	@grep -hE '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run-packages:
	@test -n "$(PYTHON)" || { echo "Python is missing: install CPython 3.11 or 3.12 with venv."; exit 1; }
	@"$(PYTHON)" launch/environment.py

dev-packages:
	@test -n "$(PYTHON)" || { echo "Python is missing: install CPython 3.11 or 3.12 with venv."; exit 1; }
	@"$(PYTHON)" launch/environment.py --dev

demo: run-packages ## everything on this machine, with demo data (PORT=8000 DATA_DIR=var/demo)
	@$(RUN) -m launch.demo

test: dev-packages ## the whole test suite (ARGS="-k words" picks some)
	@$(RUN) -m launch.test $(or $(ARGS),$(BY_TWO))

test-days: dev-packages ## the tests that ask for the day, late on an ordinary day, at a year's end and at a quarter's
	@for moment in $(DAYS); do $(RUN) -m launch.test -m "day and not browser and not worker" --today $$moment $(ARGS) || exit; done

faults: dev-packages ## what may happen to the processes of a night, tried with the real ones; prints a table
	@$(RUN) -m launch.test -m faults tests/faults $(ARGS)

walk: dev-packages ## every question of every form in every language and window; prints how many are whole
	@$(RUN) -m launch.test -m walk tests/browser -s $(ARGS)

attack: dev-packages ## 300 random stories of offices whose every figure is combined with every other (STORIES=300 SEED=1)
	@STORIES=$(or $(STORIES),300) SEED=$(or $(SEED),1) $(RUN) -m launch.test tests/reports/test_combinations.py -s --numprocesses 2 --dist load --no-loadscope-reorder $(ARGS)

smoke: run-packages ## starts the demo, answers 30 surveys over plain HTTP, closes their month, checks its figure, stops
	@$(RUN) -m launch.smoke

check: dev-packages ## format, lint, types (of Python and JavaScript), imports, migrations, templates, deploy settings, safety
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	.venv/bin/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(CHECKED) .venv/bin/mypy
	$(DENO) lint --quiet static/js
	$(DENO) check --quiet --no-remote static/js
	.venv/bin/lint-imports
	$(CHECKED) $(RUN) -W ignore manage.py makemigrations --check --dry-run
	$(CHECKED) $(RUN) manage.py check --deploy --fail-level WARNING
	$(RUN) -m scripts.safety

safety: dev-packages ## dangerous code, secrets, the bill of materials, known holes where they can be asked for
	@$(RUN) -m scripts.safety

bench-%: dev-packages ## a measurement, such as bench-intake; the last line is one JSON object
	@$(RUN) -m benchmarks $* $(ARGS)

mutations: dev-packages ## breaks one line after the other and demands that a test notices (ARGS="words" picks some)
	@$(RUN) -m scripts.mutate $(ARGS)

drawings: dev-packages ## docs/images/imports.svg and docs/data-model.md, made from the code as it is now
	$(RUN) -m scripts.import_graph docs/images/imports.svg
	$(CHECKED) $(RUN) -m scripts.data_model

pictures: dev-packages ## photographs the officials' pages of a running demo into docs/images (PORT=8000 DATA_DIR=var/demo)
	@$(RUN) -m scripts.pictures $(or $(DATA_DIR),var/demo)/accounts.txt http://localhost:$(PORT) $(ARGS)

pins: ## pins the newest packages that requirements/*.in allow (needs uv)
	for set in run dev; do uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -q requirements/$$set.in -o requirements/$$set.txt; done
