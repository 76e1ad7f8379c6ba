# linux.resources.hugepageLimits, on whichever hierarchy has the controller.

load helpers
load probe

PAGE=2MB

setup() {
	test_setup
	HUGETLB=unified FILE=hugetlb.$PAGE.max
	[ ! -e /sys/fs/cgroup/hugetlb ] || HUGETLB=hugetlb FILE=hugetlb.$PAGE.limit_in_bytes
	cat /sys/fs/cgroup/{,unified/}cgroup.controllers 2>/dev/null | grep -q hugetlb || need_cgroup hugetlb
}

@test "a limit" {
	create_with ".hugepageLimits = [ { pageSize: \"$PAGE\", limit: 4194304 } ]"
	assert_cgroup $HUGETLB $FILE 4194304
}

@test "zero is a limit: no huge pages" {
	create_with ".hugepageLimits = [ { pageSize: \"$PAGE\", limit: 0 } ]"
	assert_cgroup $HUGETLB $FILE 0
}

@test "reservations are limited alike" {
	create_with ".hugepageLimits = [ { pageSize: \"$PAGE\", limit: 2097152 } ]"
	assert_cgroup $HUGETLB ${FILE/$PAGE./$PAGE.rsvd.} 2097152
}

@test "a container with limits runs, and its cgroup goes" {
	bundle_config ".linux.resources.hugepageLimits = [ { pageSize: \"$PAGE\", limit: 0 } ]"
	inside true
	[ -z "$(list_container_cgroups)" ]
}

@test "a page size that there is not" {
	bundle_config '.linux.resources.hugepageLimits = [ { pageSize: "3MB", limit: 0 } ]'
	refuses hugepageLimits 3MB
	bundle_config '.linux.resources.hugepageLimits = [ { pageSize: "../x", limit: 0 } ]'
	refuses hugepageLimits ../x
}
