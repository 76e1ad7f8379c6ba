# features: what engines ask before they use something.

load helpers

# feature JQ-FILTER: holds for the document.
feature() {
	jq -e "$1" <<<"$output" >/dev/null || fail "features lacks $1"
}

setup() {
	test_setup
	run_osless -0 features
}

@test "versions" {
	feature '.ociVersionMin == "1.0.0"'
	feature '.ociVersionMax | test("^1\\.3\\.")'
}

@test "hooks: all six" {
	feature '.hooks | sort == (["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"] | sort)'
}

@test "mount options: those of the OCI text, with recursive ones" {
	feature '(["ro", "rw", "bind", "rbind", "nosuid", "nodev", "noexec", "rro", "rnosuid", "rprivate", "rslave", "idmap", "ridmap", "tmpcopyup", "relatime"] - .mountOptions) == []'
}

@test "namespaces, capabilities" {
	feature '.linux.namespaces | sort == (["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"] | sort)'
	feature '.linux.capabilities | index("CAP_NET_BIND_SERVICE") and length > 35'
}

@test "cgroup drivers: v1 and v2, and systemd where it is built" {
	local built=false
	[ ! -e "${OSLESS%/*}/osless-systemd" ] || built=true
	feature '.linux.cgroup.v1 == true and .linux.cgroup.v2 == true'
	feature ".linux.cgroup.systemd == $built and .linux.cgroup.systemdUser == $built"
}

@test "seccomp: actions, operators, architectures" {
	feature '.linux.seccomp.enabled == true'
	feature '.linux.seccomp.actions | index("SCMP_ACT_ERRNO") and index("SCMP_ACT_ALLOW") and index("SCMP_ACT_KILL_PROCESS")'
	feature '.linux.seccomp.operators | index("SCMP_CMP_MASKED_EQ") and length == 7'
	feature '.linux.seccomp.archs | index("SCMP_ARCH_X86_64") and index("SCMP_ARCH_AARCH64")'
}

@test "seccomp: flags, those for listeners too" {
	feature '.linux.seccomp.knownFlags | index("SECCOMP_FILTER_FLAG_LOG") and index("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")'
	feature '.linux.seccomp | .supportedFlags == .knownFlags'
}

@test "network devices, resource control with schemata and monitoring" {
	feature '.linux.netDevices.enabled and .linux.intelRdt == { enabled: true, schemata: true, monitoring: true }'
}

@test "labels of AppArmor and SELinux" {
	feature '.linux | [.apparmor, .selinux] | all(.[]; .enabled == true)'
}

@test "memory policies: those of the OCI text" {
	feature '.linux.memoryPolicy.modes | sort == (["MPOL_DEFAULT", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_WEIGHTED_INTERLEAVE", "MPOL_PREFERRED", "MPOL_PREFERRED_MANY", "MPOL_LOCAL"] | sort)'
	feature '.linux.memoryPolicy.flags == ["MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES"]'
}

@test "idmapped mounts are announced: containerd refuses them otherwise" {
	feature '.linux.mountExtensions.idmap.enabled == true'
}

@test "checkpoint is not announced, the version is" {
	feature '.annotations["dev.osless.version"]'
	feature '.annotations | has("org.opencontainers.runc.checkpoint.enabled") | not'
}

# tier_lists TIER: the five lists have as many names as the summary says, and no name twice.
tier_lists() {
	jq -e --arg key "dev.osless.syscalls.$1" '.annotations
		| . as $all
		| ($all[$key] | split(", ") | map(split(" ") | { (.[1]): (.[0] | tonumber) }) | add) as $counts
		| ($counts | keys == ["allow", "allow-if", "deny", "pretend", "quiet"])
			and ($counts | to_entries | all(.[]; .value == ($all["\($key).\(.key)"] | split(" ") | length)))
			and ([$counts | keys[] | $all["\($key).\(.)"] | split(" ")] | add | length == (unique | length))
		' <<<"$output" >/dev/null || fail "tier $1"
}

@test "system calls: both tiers, every call by class" {
	tier_lists gvisor
	tier_lists minimal
	feature '.annotations["dev.osless.syscalls.gvisor.allow"] | split(" ") | index("read") and index("setsid")'
	feature '.annotations["dev.osless.syscalls.minimal.allow"] | split(" ") | index("read") and (index("setsid") | not)'
	feature '.annotations["dev.osless.syscalls.gvisor.quiet"] | split(" ") | index("clone3")'
	feature '.annotations["dev.osless.syscalls.gvisor.pretend"] | split(" ") | index("setuid")'
}

@test "annotations of our own are listed" {
	feature '.potentiallyUnsafeConfigAnnotations | type == "array" and all(.[]; startswith("dev.osless.") or . == "org.systemd.property.")'
	feature '.potentiallyUnsafeConfigAnnotations | index("dev.osless.tree") and index("dev.osless.rule.restarts") and index("dev.osless.handle-within")'
}

@test "needs no root, no bundle and no state" {
	cd /
	setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$OSLESS" || skip "others may not run it"
	setpriv --reuid 65534 --regid 65534 --clear-groups env -i "$OSLESS" features >/dev/null
}
