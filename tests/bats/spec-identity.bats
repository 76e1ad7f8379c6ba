# process.user, process.capabilities: who the program is. The rows of the design's table: root with
# CAP_DAC_OVERRIDE becomes nobody, root without it and other users stay; one identity for life.

load spec-helpers

setup_file() {
	file_setup
	[ "$(id -u)" = 0 ] || return 0 # all tests are skipped
	cc -static -O1 -Wall -o "$BATS_FILE_TMPDIR/set-ids" "$BATS_TEST_DIRNAME/workers/set-ids.c"
	cp "$BATS_FILE_TMPDIR/set-ids" "$BATS_FILE_TMPDIR/rootfs/bin/set-ids"
	cc -static -O1 -std=gnu11 -D_GNU_SOURCE -o "$BATS_FILE_TMPDIR/rootfs/bin/probe" "$BATS_TEST_DIRNAME/probe.c"
}

# capability_mask [NAME...]: as /proc/PID/status writes a set
capability_mask() {
	local name mask=0
	for name in "$@"; do
		case $name in
		DAC_OVERRIDE) mask=$((mask | 1 << 1)) ;;
		FOWNER) mask=$((mask | 1 << 3)) ;;
		KILL) mask=$((mask | 1 << 5)) ;;
		NET_BIND_SERVICE) mask=$((mask | 1 << 10)) ;;
		NET_ADMIN) mask=$((mask | 1 << 12)) ;;
		AUDIT_WRITE) mask=$((mask | 1 << 29)) ;;
		*) fail "no bit for $name" ;;
		esac
	done
	printf '%016x\n' $mask
}

# assert_sets SET... -- [NAME...]: these sets of the last "grep ^Cap" are just these capabilities.
assert_sets() {
	local sets=() set want
	while [ "$1" != -- ]; do
		sets+=("$1")
		shift
	done
	want=$(capability_mask "${@:2}")
	for set in "${sets[@]}"; do
		grep -qx "Cap$set:"$'\t'"$want" <<<"$output" || fail "Cap$set is not $want"
	done
}

# show_caps [OSLESS-OPTION...]: runs a container that prints its sets.
show_caps() {
	bundle_args grep '^Cap' /proc/self/status
	run_osless -0 "$@" run -b "$BUNDLE" "$ID"
}

# grant NAME...: in the bounding, effective and permitted sets, as engines do it for root.
grant() {
	bundle_config --arg names "$*" '.process.capabilities =
		($names | split(" ") | map("CAP_" + .) | { bounding: ., effective: ., permitted: . })'
}

# grant_ambient NAME...: in all five, as engines do it for other users.
grant_ambient() {
	bundle_config --arg names "$*" '.process.capabilities = ($names | split(" ") | map("CAP_" + .) |
		{ bounding: ., effective: ., permitted: ., inheritable: ., ambient: . })'
}

user_1000() {
	bundle_config '.process.user = { uid: 1000, gid: 1001, additionalGids: [5, 6] }'
}

show_ids() {
	bundle_args sh -c 'echo $(id -u) $(id -g) $(id -G)'
	run_osless -0 "$@" run -b "$BUNDLE" "$ID"
}

# ---- the rows

@test "root with CAP_DAC_OVERRIDE is nobody, in no groups" {
	bundle_config '.process.user.additionalGids = [0, 5, 10]'
	show_ids
	assert_output "65534 65534 65534"
	bundle_args grep -E '^([UG]id|Groups)' /proc/self/status
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output $'Uid:\t65534\t65534\t65534\t65534
Gid:\t65534\t65534\t65534\t65534
Groups:\t '
}

@test "nobody holds what config grants of the four capabilities that files and ports need" {
	show_caps
	assert_sets Prm Eff Bnd Amb Inh -- DAC_OVERRIDE NET_BIND_SERVICE
	grant DAC_OVERRIDE FOWNER NET_ADMIN KILL
	show_caps
	assert_sets Prm Eff Bnd Amb Inh -- DAC_OVERRIDE FOWNER
}

@test "nobody's capabilities act: root's files, ports below 1024" {
	bundle_config '.root.readonly = false'
	echo secret >"$BUNDLE/rootfs/root/file"
	chmod 600 "$BUNDLE/rootfs/root/file"
	chmod 700 "$BUNDLE/rootfs/root"
	inside 'cat /root/file; echo more >>/root/file; echo >/root/new; nc -l -p 80 -w 1 -e true; echo $?' </dev/null
	[ "${lines[0]}" = secret ]
	[ "$(tail -1 "$BUNDLE/rootfs/root/file")" = more ]
	[ "$(stat -c %u:%g "$BUNDLE/rootfs/root/new")" = 65534:65534 ]
	[[ $stderr != *"ermission denied"* ]]
}

@test "nobody is told by access(2) what its capabilities open" {
	writable_root
	chmod 700 "$BUNDLE/rootfs/root"
	inside 'probe call access_root'
	assert_output "access_root 0"
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	run_osless -0 exec "$ID" probe call access_root
	assert_output "access_root 0"
	run_osless -0 delete --force "$ID"
	user_1000
	inside 'probe call access_root'
	assert_output "access_root EACCES"
}

@test "root without CAP_DAC_OVERRIDE stays root, with the rest of what is granted" {
	grant KILL NET_BIND_SERVICE AUDIT_WRITE
	bundle_config '.process.user.additionalGids = [5, 6]'
	show_ids
	assert_output "0 0 0 5 6"
	show_caps
	assert_sets Prm Eff Bnd -- NET_BIND_SERVICE
	assert_sets Inh Amb --
}

@test "root without CAP_DAC_OVERRIDE does not get at others' files" {
	grant KILL
	echo secret >"$BUNDLE/rootfs/file"
	chown 1000:1000 "$BUNDLE/rootfs/file"
	chmod 600 "$BUNDLE/rootfs/file"
	fails_inside "ermission denied" 'cat /file'
}

@test "another user keeps uid, gid and groups, and gets no capability by being started" {
	user_1000
	show_ids
	assert_output "1000 1001 1001 5 6"
	show_caps
	assert_sets Prm Eff Bnd Amb Inh --
}

@test "another user gets ambient capabilities, of the four" {
	user_1000
	grant_ambient NET_BIND_SERVICE NET_ADMIN
	show_caps
	assert_sets Prm Eff Bnd Amb Inh -- NET_BIND_SERVICE
}

@test "without a capabilities block there are none, and root stays root" {
	bundle_config 'del(.process.capabilities)'
	show_ids
	assert_output "0 0 0"
	show_caps
	assert_sets Prm Eff Bnd Amb Inh --
	user_1000
	show_caps
	assert_sets Prm Eff Bnd Amb Inh --
}

@test "inheritable capabilities of config do not become anybody's (CVE-2022-29162)" {
	grant KILL NET_BIND_SERVICE
	bundle_config '.process.capabilities.inheritable = ["CAP_NET_BIND_SERVICE", "CAP_KILL"]'
	show_caps
	assert_sets Inh Amb --
}

@test "a capability that is not known is passed over" {
	bundle_config '.process.capabilities.bounding += ["CAP_QUANTUM"] | .process.capabilities.permitted += ["CAP_QUANTUM"]'
	show_caps
	assert_sets Prm Eff Bnd Amb Inh -- DAC_OVERRIDE NET_BIND_SERVICE
}

# ---- one identity for life

@test "set*id, setgroups and chown answer 0 and do nothing: as nobody, another user" {
	bundle_args set-ids
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output "uid 65534 65534 65534 gid 65534 65534 65534 groups"
	user_1000
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output "uid 1000 1000 1000 gid 1001 1001 1001 groups 5 6"
}

# Pretended, it would be tried again and again: `if [ "$(id -u)" = 0 ]; then exec gosu user "$0"; fi`.
@test "root that stays root is refused by the kernel what it has no capability for" {
	grant KILL SETUID SETGID CHOWN
	writable_root
	bundle_args set-ids refused
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output "uid 0 0 0 gid 0 0 0 groups"
}

@test "a policy that keeps root: the same, though its capability opens every file" {
	policy_file '{ "identity": "keep" }'
	bundle_args set-ids refused
	run_osless -0 --policy "$BATS_TEST_TMPDIR/policy.json" run -b "$BUNDLE" "$ID"
	assert_output "uid 0 0 0 gid 0 0 0 groups"
}

@test "programs that change their user go on as they are" {
	bundle_args start-stop-daemon -S -c nobody:nobody -x /bin/id -- -u
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output 65534
	grant KILL
	run_osless ! run -b "$BUNDLE" "$ID"
	assert_stderr "peration not permitted"
}

@test "chown succeeds and changes nothing" {
	add_mount tmpfs tmpfs /tmp mode=1777
	inside 'echo >/tmp/f && chown 1:2 /tmp/f && chgrp 3 /tmp/f && chown -h 1 /tmp/f && stat -c %u:%g /tmp/f'
	assert_output 65534:65534
}

@test "set-id bits are inert" {
	writable_root
	cp "$BUNDLE/rootfs/bin/set-ids" "$BUNDLE/rootfs/bin/set-id"
	chmod 6755 "$BUNDLE/rootfs/bin/set-id"
	user_1000
	bundle_args set-id
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output "uid 1000 1000 1000 gid 1001 1001 1001 groups 5 6"
}

@test "HOME, where absent, is that of the user that config names" {
	bundle_args sh -c 'echo $HOME'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output /root
	user_1000
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output /
	bundle_config '.process.env += ["HOME=/given"]'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output /given
}

# ---- user namespaces

# user_namespace SIZE: ids from 0 on are the host's from 100000 on.
user_namespace() {
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$BUNDLE"
	bundle_config --argjson size "$1" '.linux.namespaces += [{ type: "user" }] |
		.linux.uidMappings = [{ containerID: 0, hostID: 100000, size: $size }] |
		.linux.gidMappings = .linux.uidMappings'
}

@test "in a user namespace: nobody, if it is mapped" {
	user_namespace 65536
	show_ids
	assert_output "65534 65534 65534"
	show_caps
	assert_sets Prm Eff Amb -- DAC_OVERRIDE NET_BIND_SERVICE
}

@test "in a user namespace: the highest id, where nobody is not mapped" {
	user_namespace 1000
	show_ids
	assert_output "999 999 999"
}

@test "in a user namespace: the only id, where there is one" {
	user_namespace 1
	show_ids
	assert_output "0 0 0"
}

@test "in a user namespace: an id that is not mapped is refused" {
	user_namespace 1000
	bundle_config '.process.user = { uid: 2000, gid: 0 }'
	refused process.user.uid 2000
}

# ---- the host's policy

@test "policy: keep" {
	show_ids --policy "$(policy_file '{ "identity": "keep" }')"
	assert_output "0 0 0"
	show_caps --policy "$BATS_TEST_TMPDIR/policy.json"
	assert_sets Prm Eff Bnd -- DAC_OVERRIDE NET_BIND_SERVICE
}

@test "policy: a user and group for everybody" {
	show_ids --policy "$(policy_file '{ "identity": "1234:5678" }')"
	assert_output "1234 5678 5678"
	user_1000
	show_ids --policy "$BATS_TEST_TMPDIR/policy.json"
	assert_output "1234 5678 5678"
}

@test "policy: more capabilities, if config grants them" {
	policy_file '{ "capabilities": ["CAP_NET_ADMIN", "CAP_KILL"] }'
	grant DAC_OVERRIDE NET_ADMIN AUDIT_WRITE
	show_caps --policy "$BATS_TEST_TMPDIR/policy.json"
	assert_sets Prm Eff Bnd Amb Inh -- DAC_OVERRIDE NET_ADMIN
}

@test "policy: off is config's own user and capabilities" {
	policy_file '{ "modes": { "identity": "off" } }'
	bundle_config '.process.user.additionalGids = [5, 6]'
	show_ids --policy "$BATS_TEST_TMPDIR/policy.json"
	assert_output "0 0 0 5 6"
	show_caps --policy "$BATS_TEST_TMPDIR/policy.json"
	assert_sets Prm Eff Bnd -- AUDIT_WRITE DAC_OVERRIDE KILL NET_BIND_SERVICE
	assert_sets Inh Amb --
}

@test "policy: off with all aspects gives the config's noNewPrivileges, and set*id back" {
	policy_file '{ "modes": { "identity": "off", "syscalls": "off", "supervision": "off" } }'
	bundle_config '.process.noNewPrivileges = false'
	bundle_config '.process.capabilities |= map_values(. + ["CAP_SETUID", "CAP_SETGID"])'
	bundle_args grep NoNewPrivs /proc/self/status
	run_osless -0 --policy "$BATS_TEST_TMPDIR/policy.json" run -b "$BUNDLE" "$ID"
	assert_output $'NoNewPrivs:\t0'
	bundle_args start-stop-daemon -S -c nobody:nobody -x /bin/id -- -u
	run_osless -0 --policy "$BATS_TEST_TMPDIR/policy.json" run -b "$BUNDLE" "$ID"
	assert_output 65534
}

@test "policy: off, with the tier minimal" {
	policy_file '{ "modes": { "identity": "off" }, "tier": "minimal" }'
	bundle_config '.process.noNewPrivileges = false'
	bundle_args grep NoNewPrivs /proc/self/status
	run_osless -0 --policy "$BATS_TEST_TMPDIR/policy.json" run -b "$BUNDLE" "$ID"
	assert_output $'NoNewPrivs:\t1'
}

@test "policy: off, with ambient capabilities that the kernel cannot give" {
	policy_file '{ "modes": { "identity": "off" } }'
	bundle_config '.process.capabilities.inheritable = []'
	show_caps --policy "$BATS_TEST_TMPDIR/policy.json"
	assert_sets Amb --
}

@test "policy: audit is config's own user too" {
	policy_file '{ "modes": { "identity": "audit" } }'
	show_ids --policy "$BATS_TEST_TMPDIR/policy.json"
	assert_output "0 0 0"
}
