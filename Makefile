# For those who have make: every verb of run.py, so `make test` is `python3 run.py test`.
# Variables go along: make kernel-check N=500
.PHONY: lab test regen bench kernel-check site
lab test regen bench kernel-check site:
	@python3 run.py $@ $(if $(N),N=$(N)) $(ARGS)
