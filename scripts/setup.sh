#!/bin/sh
# Installs what the tests in e2e/ drive, as Debian packages and npm packages, downloads the modules of the
# workspace and builds Caddy of them, .bin/caddy; with the argument bench-gateway what that drives, instead of browsers and npm packages. Says nothing and changes
# nothing when all is there. Without apt-get or npm it names what is missing; that is a failure where CI=true.
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

# Debian has servers outside an ordinary user's PATH.
has_server() { has "$1" || [ -x "/usr/sbin/$1" ]; }

missing=
need() { missing="$missing $1"; }

has_server nginx || need nginx
if [ "${1:-}" = bench-gateway ]; then
	has_server haproxy || need haproxy
	has wrk || need wrk
	has taskset || need util-linux
else
	has_server apache2 || need apache2
	has_server haproxy || need haproxy
	has chromium || has google-chrome || need chromium
	has firefox-esr || has firefox || need firefox-esr
	has_minibrowser || need libwebkit2gtk-4.1-0
	has Xvfb || need xvfb # WebKitGTK has no headless mode
	has node || need nodejs
	has npm || need npm
fi

# lacking ends the setup where nothing may be skipped.
lacking() {
	echo "setup: missing, $1" >&2
	[ "${CI:-}" = true ] && exit 1
	echo "setup: what needs them will be skipped" >&2
}

if [ -n "$missing" ] && has apt-get; then
	as_root=
	[ "$(id -u)" = 0 ] || as_root=sudo
	# The packages of servers start them. Tests start their own.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		trap '$as_root rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
		$as_root chmod 755 "$policy"
	fi
	$as_root apt-get update
	# shellcheck disable=SC2086 # a list of words
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
elif [ -n "$missing" ]; then
	lacking "as Debian calls them:$missing"
fi

# The stamp is the lock file that node_modules was made from.
npm=e2e/server/testdata/npm
if [ "${1:-}" != bench-gateway ] && ! cmp -s "$npm/package-lock.json" "$npm/node_modules/.stamp"; then
	if has npm; then
		(cd "$npm" && npm ci --no-audit --no-fund && rm -rf .cache)
		cp "$npm/package-lock.json" "$npm/node_modules/.stamp"
	else
		lacking "as npm calls them: the packages in $npm"
	fi
fi

# What the workspace needs, and not all that the modules name: some of that cannot be had everywhere.
go list -deps -test work >/dev/null

# Caddy as its makers build it, of the version that the gateway stands on: most of it is compiled for that already.
[ "${1:-}" = bench-gateway ] || go build -ldflags='-s -w' -o .bin/caddy github.com/caddyserver/caddy/v2/cmd/caddy
