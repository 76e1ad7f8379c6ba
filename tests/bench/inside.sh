# Run by busybox sh as the payload: tells what a container of tests/bats/config.json is made of, one
# fact a line in a fixed order. `run --verify` holds each runtime's and each floor's facts against
# expectations made from the host, so that all are timed at the same work.
for kind in pid net ipc uts mnt cgroup; do
	echo "namespace $kind $(readlink /proc/self/ns/$kind)"
done
awk '{
	for (i = 7; $i != "-"; i++)
		;
	if ($5 ~ "^/(proc|dev|dev/shm|sys|sys/fs/cgroup)$" || $(i + 1) ~ "^cgroup2?$")
		print "mount", $5, $(i + 1), ($6 ~ "^ro" ? "ro" : "rw")
	if ($5 == "/")
		print "root", ($6 ~ "^ro" ? "ro" : "rw")
}' /proc/self/mountinfo | sort
for device in null zero full random urandom; do
	[ -c /dev/$device ] && head -c 0 /dev/$device && echo "device $device"
done
for link in fd stdin stdout stderr; do
	echo "link $link $(readlink /dev/$link)"
done
for path in acpi asound keys timer_list scsi; do
	[ -e /proc/$path ] && echo "masked $path $(ls -A /proc/$path/ 2>/dev/null | wc -l) $(head -c 1 /proc/$path 2>/dev/null | wc -c)"
done
for path in bus fs irq sys; do
	awk -v at=/proc/$path '$5 == at { print "read-only", at, substr($6, 1, 2) }' /proc/self/mountinfo
done
echo "cgroup $(grep -vc ':/$' /proc/self/cgroup) outside the namespace root"
echo "loopback $(ip -o link show lo | grep -c LOWER_UP)"
echo "hostname $(hostname)"
echo "files $(ulimit -n)"
