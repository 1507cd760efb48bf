# `make demo` and `make test` need Rust and nothing else.

CARGO ?= cargo
DEMO = target/demo

.PHONY: demo test lint conformance

# The contract of the sample client, from the embedded clause library.
demo:
	rm -rf $(DEMO)
	$(CARGO) run --quiet -- --embedded --client fixtures/clients/acme.toml --output $(DEMO)/ --force

test:
	$(CARGO) test --quiet

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --quiet --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --quiet --no-deps

# The PDFs before judges that are not ours: veraPDF, pyHanko, qpdf, poppler, MuPDF. Gets them first: needs the
# network once, and root if a Debian package is missing.
CONFORMANCE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/dpa-gen/conformance

conformance:
	tests/conformance/tools.sh $(CONFORMANCE)
	$(CONFORMANCE)/python/bin/python -B tests/conformance/judge.py $(CONFORMANCE)
