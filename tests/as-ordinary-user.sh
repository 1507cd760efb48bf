#!/usr/bin/env bash
# Runs all tests as a user who may not read, write or change what root may: root runs them so, anybody else
# has `make test`. The checkout, the program and the tests are copied to where that user can read them.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $EUID -ne 0 ]]; then
    echo "error: only root can become another user" >&2
    echo "hint: you are an ordinary user: make test" >&2
    exit 2
fi
if ! command -v setpriv >/dev/null; then
    echo "error: missing \`setpriv\`" >&2
    echo "hint: install util-linux" >&2
    exit 2
fi

folder=$(mktemp --directory -t dpa-gen-ordinary-user-XXXXXX)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/checkout" "$folder/bin" "$folder/home" "$folder/tmp"

# Each executable that `cargo test` would run, and the program that they run.
built=$("${CARGO:-cargo}" test --quiet --no-run --message-format=json |
    sed --quiet --regexp-extended 's/.*"test":(true|false)\}.*"executable":"([^"]+)".*/\1 \2/p')
tests=()
while read -r is_test executable; do
    cp "$executable" "$folder/bin/"
    if [[ $is_test == true ]]; then tests+=("$folder/bin/${executable##*/}"); fi
done <<<"$built"
[[ -x $folder/bin/dpa-gen && ${#tests[@]} -gt 0 ]] || { echo "error: cargo built no tests" >&2; exit 2; }

# Files that are not committed yet count too.
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- | tar --extract --directory "$folder/checkout"
chown --recursive 65534:65534 "$folder"

# The user and the group that own nothing; `.cargo/config.toml` holds for cargo only.
for test in "${tests[@]}"; do
    (cd "$folder/checkout" && env HOME="$folder/home" TMPDIR="$folder/tmp" INSTA_UPDATE=no \
        INSTA_WORKSPACE_ROOT="$folder/checkout" CARGO_MANIFEST_DIR="$folder/checkout" \
        CARGO_BIN_EXE_dpa-gen="$folder/bin/dpa-gen" \
        setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$test" --quiet "$@")
done
