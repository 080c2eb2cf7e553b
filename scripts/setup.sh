#!/bin/sh
# Installs what the tests in e2e/ drive, as Debian packages, and downloads the modules of the workspace. Says nothing
# and changes nothing when all is there. Without apt-get it names what is missing; that is a failure where CI=true.
set -eu

cd "$(dirname "$0")/.."

has() { command -v "$1" >/dev/null 2>&1; }

# WebKitGTK's test browser is outside PATH.
has_minibrowser() {
	for path in /usr/lib/*/webkit2gtk-4.1/MiniBrowser /usr/libexec/webkit2gtk-4.1/MiniBrowser \
		/usr/lib/*/webkitgtk-6.0/MiniBrowser /usr/libexec/webkitgtk-6.0/MiniBrowser; do
		[ -x "$path" ] && return 0
	done
	return 1
}

missing=
need() { missing="$missing $1"; }

has chromium || has google-chrome || need chromium
has firefox-esr || has firefox || need firefox-esr
has_minibrowser || need libwebkit2gtk-4.1-0
has Xvfb || need xvfb # WebKitGTK has no headless mode

if [ -n "$missing" ] && has apt-get; then
	as_root=
	[ "$(id -u)" = 0 ] || as_root=sudo
	$as_root apt-get update
	# shellcheck disable=SC2086 # a list of words
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
elif [ -n "$missing" ]; then
	echo "setup: missing, as Debian calls them:$missing" >&2
	[ "${CI:-}" = true ] && exit 1
	echo "setup: the tests that need them will be skipped" >&2
fi

go mod download
