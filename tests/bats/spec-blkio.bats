# linux.resources.blockIO.

load helpers
load probe

setup() {
	test_setup
	need_controller blkio
}

# disk: "MAJOR MINOR" of a whole disk that there is.
disk() {
	local dev
	for dev in /sys/block/*/dev; do
		case $dev in
		*/loop* | */ram*) ;;
		*) tr : ' ' <"$dev" && return 0 ;;
		esac
	done
	return 1
}

@test "throttling by bytes and operations" {
	local major minor
	need_cgroup blkio
	read -r major minor < <(disk) || skip "no disk here"
	bundle_config --argjson major "$major" --argjson minor "$minor" '
		def rate($n): [ { major: $major, minor: $minor, rate: $n } ];
		.linux.resources.blockIO = {
			throttleReadBpsDevice: rate(1000000), throttleWriteBpsDevice: rate(2000000),
			throttleReadIOPSDevice: rate(300), throttleWriteIOPSDevice: rate(400) }'
	run_osless -0 create -b "$BUNDLE" "$ID"
	assert_cgroup blkio blkio.throttle.read_bps_device "$major:$minor 1000000"
	assert_cgroup blkio blkio.throttle.write_bps_device "$major:$minor 2000000"
	assert_cgroup blkio blkio.throttle.read_iops_device "$major:$minor 300"
	assert_cgroup blkio blkio.throttle.write_iops_device "$major:$minor 400"
}

# weight_file: the kernel's name for it, by scheduler.
weight_file() {
	local file
	for file in "$(container_cgroup blkio)"/blkio.{bfq.,}weight; do
		[ ! -e "$file" ] || { echo "${file##*/}" && return 0; }
	done
	return 1
}

@test "weight" {
	need_cgroup blkio
	run_osless -0 create -b "$BUNDLE" "$ID"
	weight_file || skip "no scheduler with weights here"
	run_osless -0 delete "$ID"
	create_with '.blockIO = { weight: 300 }'
	[ "$(cgroup_value blkio "$(weight_file)" | awk '{ print $NF }')" = 300 ]
}

@test "zeros mean unset" {
	local file
	need_cgroup blkio
	create_with '.blockIO = { weight: 0, leafWeight: 0, weightDevice: [] }'
	bundle_config 'del(.linux.resources.blockIO)'
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	for file in "$(container_cgroup blkio "$ID-a")/"blkio.{bfq.weight,throttle.read_bps_device}; do
		[ ! -e "$file" ] || assert_cgroup blkio "${file##*/}" "$(<"$file")"
	done
}

@test "a device that there is not, a weight that there is not" {
	bundle_config '.linux.resources.blockIO = { throttleReadBpsDevice: [ { major: 99, minor: 99, rate: 1 } ] }'
	refuses throttleReadBpsDevice 99:99 "no such"
	bundle_config '.linux.resources.blockIO = { weight: 5 }'
	refuses blockIO.weight
	bundle_config '.linux.resources.blockIO = { throttleReadBpsDevice: [ { major: -1, minor: 0, rate: 1 } ] }'
	refuses throttleReadBpsDevice
}
