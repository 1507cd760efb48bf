#!/usr/bin/env bash
# Gets the judges into the folder that is given: quick when they are there, anew when a version changed.
set -euo pipefail
cache=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$cache"

# One set-up at a time.
exec 9>"$cache/lock"
if command -v flock >/dev/null; then flock 9; fi

# up_to_date FOLDER LIST: whether FOLDER was made from this LIST.
up_to_date() { cmp --silent "$2" "$1/made-from"; }

packages=()
need() { command -v "$1" >/dev/null || packages+=("$2"); }
need qpdf qpdf
need pdfsig poppler-utils
need openssl openssl
need java default-jre-headless
need chromium chromium
need chromedriver chromium-driver
need python3 python3
need node nodejs
need npm npm
need gs ghostscript
need pdflatex texlive-latex-base
python3 -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library("cairo"))' || packages+=(libcairo2)
up_to_date "$cache/verapdf" "$here/pom.xml" || need mvn maven
up_to_date "$cache/pdfbox" "$here/makers/pom.xml" || need mvn maven
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
if ((${#packages[@]})); then
    if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
        echo "error: missing tools" >&2
        echo "hint: apt-get install ${packages[*]}" >&2
        exit 2
    fi
    apt-get update --quiet --quiet
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends \
        "${packages[@]}" >/dev/null
fi

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "error: $(python3 --version) is too old" >&2
    echo "hint: the judges need Python 3.11 or newer" >&2
    exit 2
fi

if ! up_to_date "$cache/python" "$here/requirements.txt"; then
    rm -rf "$cache/python"
    python3 -m venv "$cache/python"
    "$cache/python/bin/pip" install --quiet --disable-pip-version-check --no-deps \
        --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$cache/python/made-from"
fi

if ! up_to_date "$cache/verapdf" "$here/pom.xml"; then
    rm -rf "$cache/verapdf"
    mvn --quiet --batch-mode -Dstyle.color=never --file "$here/pom.xml" dependency:copy-dependencies \
        -DoutputDirectory="$cache/verapdf"
    cp "$here/pom.xml" "$cache/verapdf/made-from"
fi

# What makes quotes for the corpus.
if ! up_to_date "$cache/pdfbox" "$here/makers/pom.xml"; then
    rm -rf "$cache/pdfbox"
    mvn --quiet --batch-mode -Dstyle.color=never --file "$here/makers/pom.xml" \
        dependency:copy-dependencies -DoutputDirectory="$cache/pdfbox"
    cp "$here/makers/pom.xml" "$cache/pdfbox/made-from"
fi

if ! up_to_date "$cache/pdf-lib" "$here/makers/package.json"; then
    rm -rf "$cache/pdf-lib"
    mkdir "$cache/pdf-lib"
    cp "$here/makers/package.json" "$cache/pdf-lib/"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$cache/pdf-lib"
    cp "$here/makers/package.json" "$cache/pdf-lib/made-from"
fi
