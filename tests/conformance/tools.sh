#!/usr/bin/env bash
# Gets the judges into the folder that is given: quick when they are there, again when a version changed.
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
need javac default-jdk-headless
need node nodejs
need npm npm
need pdftk pdftk-java
need chromium chromium
need chromedriver chromium-driver
need python3 python3
need gs ghostscript
need pdflatex texlive-latex-base
python3 -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library("cairo"))' || packages+=(libcairo2)
up_to_date "$cache/verapdf" "$here/pom.xml" && up_to_date "$cache/foreign/jars" "$here/foreign/pom.xml" ||
    need mvn maven
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

if ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
    echo "error: Node.js $(node --version) is too old" >&2
    echo "hint: pdf.js needs Node.js 20 or newer" >&2
    exit 2
fi

if ! up_to_date "$cache/python" "$here/requirements.txt"; then
    rm -rf "$cache/python"
    python3 -m venv "$cache/python"
    "$cache/python/bin/pip" install --quiet --disable-pip-version-check --no-deps \
        --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$cache/python/made-from"
fi

# jars POM FOLDER: the Java libraries that a file names, with what they need.
jars() {
    up_to_date "$2" "$1" && return
    rm -rf "$2"
    mvn --quiet --batch-mode -Dstyle.color=never --file "$1" dependency:copy-dependencies \
        -DoutputDirectory="$2"
    cp "$1" "$2/made-from"
}
jars "$here/pom.xml" "$cache/verapdf"
jars "$here/foreign/pom.xml" "$cache/foreign/jars"

if ! up_to_date "$cache/foreign/node_modules" "$here/foreign/package-lock.json"; then
    rm -rf "$cache/foreign/node_modules"
    cp "$here/foreign/package.json" "$here/foreign/package-lock.json" "$cache/foreign/"
    npm --prefix "$cache/foreign" ci --silent --no-audit --no-fund
    cp "$here/foreign/package-lock.json" "$cache/foreign/node_modules/made-from"
fi

# Compiled each time: it takes a second, and the jars may be new.
rm -rf "$cache/foreign/classes"
javac -classpath "$cache/foreign/jars/*" -d "$cache/foreign/classes" "$here"/foreign/*.java
