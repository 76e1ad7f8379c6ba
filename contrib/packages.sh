# shellcheck shell=dash
# Sourced by quickstart and check: installs what is missing, builds in a directory.

# shellcheck disable=SC2034 # for those who source this
build_packages="autoconf automake gcc libc6-dev make pkg-config libseccomp-dev libyajl-dev libcap-dev
	libsystemd-dev musl-tools"

# without_services COMMAND...: what it installs is not started. Debian's maintainer scripts ask this
# file (invoke-rc.d(8)), and 101 forbids; one that is there already says what this machine wants.
without_services() (
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		trap 'rm -f $policy' EXIT
		trap 'exit 130' INT TERM
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
	fi
	"$@"
)

# need_packages PACKAGE...: as root installs those that are missing; else says which are. Servers
# among them are not started.
need_packages() {
	missing=
	for package in "$@"; do
		case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
		*"ok installed") ;;
		*) missing="$missing $package" ;;
		esac
	done
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		echo "packages are missing: run as root, or first: apt-get install$missing" >&2
		return 1
	fi
	echo "installing:$missing"
	apt-get update -qq </dev/null
	# shellcheck disable=SC2086 # a word a package
	without_services env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
		$missing </dev/null >/dev/null
}

# make_configure SOURCE: only where configure is older than what it is made of.
make_configure() {
	if [ ! -e "$1/configure" ] || [ ! -e "$1/Makefile.in" ] ||
		[ "$1/configure.ac" -nt "$1/configure" ] || [ "$1/Makefile.am" -nt "$1/Makefile.in" ]; then
		(cd "$1" && autoreconf -fi)
	fi
}

# make_in SOURCE BUILD [CONFIGURE-OPTION...]: configures once, then builds what has changed.
make_in() {
	source=$1
	build=$2
	shift 2
	make_configure "$source" || return 1
	mkdir -p "$build"
	(
		cd "$build" || exit 1
		[ -e Makefile ] || "$source/configure" --quiet "$@" || exit 1
		make -s -j "$(nproc)"
	)
}
