# linux.intelRdt, in a tree of plain files that stands for /sys/fs/resctrl in a mount namespace of the
# test's: few machines have the real one. A new directory stays empty in it, so what is made can only
# fail there; tests/unit/kernel_resctrl.c has the rest.

load helpers
load probe

setup() {
	test_setup
	RESCTRL=$BATS_TEST_TMPDIR/resctrl
	mkdir -p "$RESCTRL"/{info,gold/mon_groups,mon_groups}
	printf '    L3:0=fff\n    MB:0=100\n' >"$RESCTRL/schemata"
	printf '    L3:0=00f\n    MB:0= 20\n' >"$RESCTRL/gold/schemata"
	echo "mask f0f has non-consecutive 1-bits" >"$RESCTRL/info/last_cmd_status"
	touch "$RESCTRL"/{,gold/}tasks
	BARE=$OSLESS
	cat >"$BATS_TEST_TMPDIR/osless" <<-END
		#!/bin/sh
		exec unshare --mount --propagation slave sh -c '
			mount -t tmpfs -o mode=755 none /mnt && mkdir /mnt/cgroup /mnt/fs && mount --rbind /sys/fs/cgroup /mnt/cgroup &&
			mount -t tmpfs -o mode=755 none /sys/fs && mkdir /sys/fs/cgroup /sys/fs/resctrl &&
			mount --rbind /mnt/cgroup /sys/fs/cgroup && umount -l /mnt &&
			mount --bind "$RESCTRL" /sys/fs/resctrl && exec "$BARE" "\$@"' sh "\$@"
	END
	chmod 755 "$BATS_TEST_TMPDIR/osless"
	OSLESS=$BATS_TEST_TMPDIR/osless
}

# rdt JSON: linux.intelRdt.
rdt() {
	bundle_config --argjson rdt "$1" '.linux.intelRdt = $rdt'
}

@test "a class that is there: what runs is born in it, by exec, too; update changes it" {
	rdt '{ "closID": "gold", "l3CacheSchema": "L3:0=f" }'
	run_osless -0 plan --format json -b "$BUNDLE"
	jq -e '.plan.rdt == { given: true, group: "gold", schemata: "L3:0=f\n" } and
		all(.report[]; .kind != "unsupported")' <<<"$output" >/dev/null
	start_inside sleep 1000
	[ "$(<"$RESCTRL/gold/tasks")" = 0 ]
	: >"$RESCTRL/gold/tasks"
	run_osless -0 exec "$ID" true
	[ "$(<"$RESCTRL/gold/tasks")" = 0 ]
	run_osless -0 update --l3-cache-schema "L3:0=3" --mem-bw-schema "MB:0=50" --memory 64m "$ID"
	[ "$(head -n 2 "$RESCTRL/gold/schemata")" = $'L3:0=3\nMB:0=50' ] || fail "$(cat "$RESCTRL/gold/schemata")"
	[ ! -e /sys/fs/cgroup/memory ] || assert_cgroup memory memory.limit_in_bytes 67108864
	run_osless -1 update --mem-bw-schema "L3:0=50" "$ID"
	assert_one_line_error "memBwSchema does not begin with MB:"
	mv "$RESCTRL/gold/schemata" "$RESCTRL/gold/other"
	run_osless -1 update --mem-bw-schema "MB:0=60" --memory 32m "$ID"
	assert_one_line_error "linux.intelRdt: open schemata"
	[ ! -e /sys/fs/cgroup/memory ] || assert_cgroup memory memory.limit_in_bytes 67108864
	run_osless -0 delete -f "$ID"
	[ -e "$RESCTRL/gold/tasks" ]
}

@test "other schemata than a class has, none that is there, what cannot be made" {
	rdt '{ "closID": "gold", "schemata": [ "L3:0=ff" ] }'
	refuses "resource control: closID gold, which is there already: L3:0=ff is asked for, and the group has 00f"
	rdt '{ "closID": "silver" }'
	refuses "closID silver"
	rdt '{ "closID": "silver", "schemata": [ "L3:0=ff" ] }'
	refuses "resource control: open schemata"
	[ ! -e "$RESCTRL/silver" ] || fail "silver is left"
	rdt '{ "closID": "gold", "enableMonitoring": true }'
	refuses "open mon_groups/$ID/tasks"
	[ ! -e "$RESCTRL/gold/mon_groups/$ID" ] || fail "the group that counts is left"
	rdt '{}'
	refuses "resource control: open tasks"
	[ ! -e "$RESCTRL/$ID" ] || fail "the class is left"
	mkdir "$RESCTRL/$ID"
	refuses "there is a group $ID already"
}

@test "what comes after fails, and the class is gone; without resctrl; update without a class" {
	rdt '{ "closID": "/" }'
	bundle_config '.mounts += [ { destination: "/x", type: "nosuch", source: "x" } ]'
	refuses nosuch
	bundle_config 'del(.mounts[-1])'
	mv "$RESCTRL/schemata" "$RESCTRL/other"
	refuses "resctrl is not mounted at /sys/fs/resctrl" "leave linux.intelRdt out"
	bundle_config 'del(.linux.intelRdt)'
	start_inside sleep 1000
	run_osless -1 update --l3-cache-schema L3:0=f "$ID"
	assert_one_line_error "no class of service"
}
