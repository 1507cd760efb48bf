# `make demo` and `make test` need Rust and nothing else.

CARGO ?= cargo
# What is fetched or built once.
CACHE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/dpa-gen
DEMO = target/demo
# What is built once needs no notes for building it again, which take a quarter of the disk. While you work on the code, call
# cargo itself: it builds a change in seconds.
ONCE = CARGO_INCREMENTAL=0

.PHONY: demo test test-as-ordinary-user fuzz lint deny man install stress conformance bench

# The contract of the sample client, from the embedded clause library.
demo:
	rm -rf $(DEMO)
	$(ONCE) $(CARGO) run -- --embedded --client fixtures/clients/acme.toml --output $(DEMO)/ --force

test:
	$(ONCE) $(CARGO) test -- --quiet

# For root, whom no permission stops: the same tests as a user whom they do.
test-as-ordinary-user:
	tests/as-ordinary-user.sh

# The properties in tests/testsuite/fuzz, all at once, with other inputs each time.
SECONDS ?= 60

fuzz:
	FUZZ_SECONDS=$(SECONDS) RUST_TEST_THREADS=64 $(CARGO) test --test testsuite fuzz:: -- --nocapture

lint: deny
	$(CARGO) fmt --check
	$(CARGO) clippy --quiet --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --quiet --no-deps

# The licences and sources of all crates. cargo-deny is built first: once, some minutes.
DENY_VERSION = 0.20.2
DENY = $(CACHE)/cargo-deny-$(DENY_VERSION)/bin/cargo-deny

deny: $(DENY)
	$(DENY) --log-level error check licenses bans sources

$(DENY):
	env --unset=CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=false $(CARGO) install --debug --locked \
	    --root $(CACHE)/cargo-deny-$(DENY_VERSION) --version $(DENY_VERSION) cargo-deny

man:
	$(CARGO) run --quiet -- man target/man

# The program, what shells complete, and the man pages. `make install PREFIX="$HOME/.local"` needs no root;
# DESTDIR is put before it all, for packagers.
PREFIX ?= /usr/local
INSTALL_FLAGS ?= --locked
ROOT = $(DESTDIR)$(PREFIX)

install:
	$(CARGO) install --quiet --path . --root "$(ROOT)" --no-track --force $(INSTALL_FLAGS)
	mkdir -p "$(ROOT)/share/bash-completion/completions" "$(ROOT)/share/fish/vendor_completions.d" \
	    "$(ROOT)/share/zsh/site-functions" "$(ROOT)/share/man/man1"
	"$(ROOT)/bin/dpa-gen" completions bash > "$(ROOT)/share/bash-completion/completions/dpa-gen"
	"$(ROOT)/bin/dpa-gen" completions fish > "$(ROOT)/share/fish/vendor_completions.d/dpa-gen.fish"
	"$(ROOT)/bin/dpa-gen" completions zsh > "$(ROOT)/share/zsh/site-functions/_dpa-gen"
	"$(ROOT)/bin/dpa-gen" man "$(ROOT)/share/man/man1"

# Runs that are killed and a disk that is full: takes minutes, and root for the disk.
stress:
	$(CARGO) test --quiet --test testsuite -- stress:: receive:: notify:: --ignored --nocapture

# The PDFs before judges that are not ours: veraPDF, pyHanko, qpdf, poppler, MuPDF; and the preview in headless
# Chromium; the pages for the screen before axe-core and html-validate. Gets them first: needs the network once, and root if a Debian package is missing.
CONFORMANCE = $(CACHE)/conformance

conformance:
	tests/conformance/tools.sh $(CONFORMANCE)
	$(CONFORMANCE)/python/bin/python -B tests/conformance/judge.py $(CONFORMANCE)
	$(CONFORMANCE)/python/bin/python -B tests/conformance/corpus.py $(CONFORMANCE)
	$(CONFORMANCE)/python/bin/python -B tests/conformance/browser.py
	$(CONFORMANCE)/python/bin/python -B tests/conformance/screen.py $(CONFORMANCE)

# Time and memory against the stock Typst compiler, which is built first (once, some minutes), and stage by stage.
TYPST_VERSION = 0.15.1
TYPST = $(CACHE)/typst

bench: $(TYPST)/bin/typst
	$(CARGO) build --quiet --release
	python3 -B tests/bench/cold_start.py $${CARGO_TARGET_DIR:-target}/release/dpa-gen $< fixtures/clients/acme.toml
	python3 -B tests/bench/batch.py $${CARGO_TARGET_DIR:-target}/release/dpa-gen $< fixtures/clients/acme.toml
	python3 -B tests/bench/check.py $${CARGO_TARGET_DIR:-target}/release/dpa-gen
	python3 -B tests/bench/redline.py $${CARGO_TARGET_DIR:-target}/release/dpa-gen fixtures/clients/acme.toml
	python3 -B tests/bench/notify.py $${CARGO_TARGET_DIR:-target}/release/dpa-gen
	$(CARGO) bench --quiet --bench stages

# As its own release is built: with thin LTO, one codegen unit.
$(TYPST)/bin/typst:
	CARGO_PROFILE_RELEASE_LTO=thin CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 \
	$(CARGO) install --locked --root $(TYPST) --version $(TYPST_VERSION) typst-cli
