# Sourced: makes a root file system of Debian's packages, for tests that need more than busybox.

# The archives that this machine's apt uses, without those that are not Debian's.
debian_sources() {
	# shellcheck disable=SC2016 # apt's own
	apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 'Origin: Debian' | sort -u
}

# debian_root RELEASE DIR PACKAGE,... [MMDEBSTRAP-OPTION...]: from the archives that stdin lists. What is
# read by people only is left out. That a mirror is a snapshot whose date has passed is no objection.
debian_root() {
	mmdebstrap --quiet --mode=root --variant=apt --skip=check/empty --include="$3" \
		--aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
		--aptopt='Acquire::Retries "3"' --aptopt='Acquire::Check-Valid-Until "false"' \
		--dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
		"${@:4}" "$1" "$2" - >&2
}

# comma_separated WORD...
comma_separated() {
	local IFS=,
	echo "$*"
}
