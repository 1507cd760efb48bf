# `make demo` and `make test` need Rust and nothing else.

CARGO ?= cargo
DEMO = target/demo

.PHONY: demo test lint

# The contract of the sample client, from the embedded clause library.
demo:
	$(CARGO) run --quiet -- --embedded --client fixtures/clients/acme.toml --output $(DEMO)/ --force

test:
	$(CARGO) test --quiet

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --quiet --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --quiet --no-deps
