PYTHON ?= python3
.PHONY: install run test check bench

run:
	$(PYTHON) scripts/run.py run
install:
	$(PYTHON) scripts/run.py install
test:
	$(PYTHON) scripts/run.py test -- $(ARGS)
check:
	$(PYTHON) scripts/run.py check
bench:
	$(PYTHON) scripts/run.py bench -- $(ARGS)
