# linux.resources.rdma, on whichever hierarchy has the controller.

load helpers
load probe

setup() {
	test_setup
	RDMA=
	[ ! -e /sys/fs/cgroup/rdma ] || RDMA=rdma
	! grep -qw rdma /sys/fs/cgroup/{,unified/}cgroup.controllers 2>/dev/null || RDMA=unified
}

# limit DEVICE: handles and objects of it.
limit() {
	bundle_config --arg device "$1" '.linux.resources.rdma = { ($device): { hcaHandles: 3, hcaObjects: 10000 } }'
}

@test "a limit of each kind" {
	local device
	[ "$RDMA" ] || skip "no rdma controller here"
	device=$(ls /sys/class/infiniband 2>/dev/null | head -n 1)
	[ "$device" ] || skip "no rdma device here"
	limit "$device"
	run_osless -0 create -b "$BUNDLE" "$ID"
	cgroup_value "$RDMA" rdma.max | grep -qx "$device hca_handle=3 hca_object=10000"
}

@test "a device that is not there, or no controller to limit it" {
	limit nosuch0
	if [ "$RDMA" ]; then
		refuses rdma "no such rdma device"
	else
		refuses linux.resources.rdma "the rdma controller is not mounted"
	fi
}
