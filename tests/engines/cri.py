#!/usr/bin/python3
"""Asks a CRI server for one thing, as the kubelet does: for the tests of containerd's CRI plugin.

    cri.py SOCKET METHOD [JSON]     prints the answer as JSON; exit status 1 and the error otherwise
    cri.py --repeat N SOCKET METHOD JSON     N times over one connection, with the same answer

Needs python3-grpcio only: the messages of runtime.v1 that the tests use are the table below, and their
wire format (protobuf's: key, then number, or length and bytes) is written here. Fields of an answer that
the table does not have are passed over, fields of a request that it does not have are an error.
"""

import json
import sys

import grpc

# Message: field, its number, its type. Types: int, str, bytes, another message; [TYPE] is repeated. Numbers
# are those of k8s.io/cri-api's api.proto.
MESSAGES = {
    "VersionRequest": {"version": (1, str)},
    "VersionResponse": {"runtime_name": (2, str), "runtime_version": (3, str)},
    "PodSandboxMetadata": {"name": (1, str), "uid": (2, str), "namespace": (3, str)},
    "NamespaceOption": {"network": (1, int), "pid": (2, int), "ipc": (3, int)},
    "LinuxSandboxSecurityContext": {"namespace_options": (1, "NamespaceOption")},
    "LinuxPodSandboxConfig": {
        "cgroup_parent": (1, str), "security_context": (2, "LinuxSandboxSecurityContext")},
    "PodSandboxConfig": {
        "metadata": (1, "PodSandboxMetadata"), "hostname": (2, str), "log_directory": (3, str),
        "annotations": (7, ["KeyValue"]), "linux": (8, "LinuxPodSandboxConfig")},
    "RunPodSandboxRequest": {"config": (1, "PodSandboxConfig"), "runtime_handler": (2, str)},
    "RunPodSandboxResponse": {"pod_sandbox_id": (1, str)},
    "StopPodSandboxRequest": {"pod_sandbox_id": (1, str)},
    "StopPodSandboxResponse": {},
    "RemovePodSandboxRequest": {"pod_sandbox_id": (1, str)},
    "RemovePodSandboxResponse": {},
    "PodSandboxStatusRequest": {"pod_sandbox_id": (1, str)},
    "PodSandboxStatusResponse": {"status": (1, "PodSandboxStatus")},
    "PodSandboxStatus": {"id": (1, str), "state": (3, int), "network": (5, "PodSandboxNetworkStatus")},
    "PodSandboxNetworkStatus": {"ip": (1, str)},
    "ListPodSandboxRequest": {},
    "ListPodSandboxResponse": {"items": (1, ["PodSandbox"])},
    "PodSandbox": {"id": (1, str), "metadata": (2, "PodSandboxMetadata"), "state": (3, int)},
    "ContainerMetadata": {"name": (1, str)},
    "ImageSpec": {"image": (1, str)},
    "KeyValue": {"key": (1, str), "value": (2, str)},
    "LinuxContainerResources": {
        "cpu_period": (1, int), "cpu_quota": (2, int), "cpu_shares": (3, int),
        "memory_limit_in_bytes": (4, int), "oom_score_adj": (5, int)},
    "SecurityProfile": {"profile_type": (1, int)},
    "LinuxContainerSecurityContext": {
        "namespace_options": (3, "NamespaceOption"), "readonly_rootfs": (7, int),
        "no_new_privs": (11, int), "seccomp": (15, "SecurityProfile")},
    "LinuxContainerConfig": {
        "resources": (1, "LinuxContainerResources"),
        "security_context": (2, "LinuxContainerSecurityContext")},
    "ContainerConfig": {
        "metadata": (1, "ContainerMetadata"), "image": (2, "ImageSpec"), "command": (3, [str]),
        "args": (4, [str]), "envs": (6, ["KeyValue"]), "annotations": (10, ["KeyValue"]),
        "log_path": (11, str), "tty": (14, int), "linux": (15, "LinuxContainerConfig")},
    "CreateContainerRequest": {
        "pod_sandbox_id": (1, str), "config": (2, "ContainerConfig"), "sandbox_config": (3, "PodSandboxConfig")},
    "CreateContainerResponse": {"container_id": (1, str)},
    "StartContainerRequest": {"container_id": (1, str)},
    "StartContainerResponse": {},
    "StopContainerRequest": {"container_id": (1, str), "timeout": (2, int)},
    "StopContainerResponse": {},
    "RemoveContainerRequest": {"container_id": (1, str)},
    "RemoveContainerResponse": {},
    "ContainerStatusRequest": {"container_id": (1, str)},
    "ContainerStatusResponse": {"status": (1, "ContainerStatus")},
    "ContainerStatus": {
        "id": (1, str), "state": (3, int), "exit_code": (7, int), "reason": (10, str), "message": (11, str)},
    "UpdateContainerResourcesRequest": {"container_id": (1, str), "linux": (2, "LinuxContainerResources")},
    "UpdateContainerResourcesResponse": {},
    "ExecSyncRequest": {"container_id": (1, str), "cmd": (2, [str]), "timeout": (3, int)},
    "ExecSyncResponse": {"stdout": (1, bytes), "stderr": (2, bytes), "exit_code": (3, int)},
    "ContainerStatsRequest": {"container_id": (1, str)},
    "ContainerStatsResponse": {"stats": (1, "ContainerStats")},
    "ContainerStats": {"cpu": (2, "CpuUsage"), "memory": (3, "MemoryUsage")},
    "CpuUsage": {"usage_core_nano_seconds": (2, "UInt64Value")},
    "MemoryUsage": {"working_set_bytes": (2, "UInt64Value")},
    "UInt64Value": {"value": (1, int)},
}

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


def encode_varint(number):
    number &= (1 << 64) - 1  # negative ones are sign-extended to 64 bits
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def encode_field(number, kind, value):
    if kind is int:
        return encode_varint(number << 3 | VARINT) + encode_varint(int(value))
    data = value.encode() if kind is str else value if kind is bytes else encode(kind, value)
    return encode_varint(number << 3 | LENGTH) + encode_varint(len(data)) + data


def encode(message, values):
    out = b""
    for name, value in values.items():
        if name not in MESSAGES[message]:
            raise SystemExit(f"cri.py: {message} has no field {name}")
        number, kind = MESSAGES[message][name]
        if isinstance(kind, list):
            out += b"".join(encode_field(number, kind[0], each) for each in value)
        else:
            out += encode_field(number, kind, value)
    return out


def decode_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def decode_value(data, at, wire):
    """The number or the bytes at that place, and where the next field begins."""
    if wire == VARINT:
        return decode_varint(data, at)
    if wire == LENGTH:
        size, at = decode_varint(data, at)
    else:
        size = {FIXED64: 8, FIXED32: 4}[wire]
    return data[at:at + size], at + size


def convert(kind, value):
    if kind is int:
        return value - (1 << 64) if value >> 63 else value
    return value.decode(errors="replace") if kind in (str, bytes) else decode(kind, value)


def decode(message, data):
    fields = {number: (name, kind) for name, (number, kind) in MESSAGES[message].items()}
    # What has its default value is not sent.
    values = {name: {int: 0, str: "", bytes: ""}.get(kind) if not isinstance(kind, list) else []
              for name, kind in fields.values()}
    at = 0
    while at < len(data):
        key, at = decode_varint(data, at)
        value, at = decode_value(data, at, key & 7)
        name, kind = fields.get(key >> 3, (None, None))
        if isinstance(kind, list):
            values[name].append(convert(kind[0], value))
        elif name:
            values[name] = convert(kind, value)
    return values


def main(arguments):
    repeat = 1
    if arguments[0] == "--repeat":
        repeat, arguments = int(arguments[1]), arguments[2:]
    socket, method = arguments[:2]
    request = json.loads(arguments[2]) if len(arguments) > 2 else {}
    with grpc.insecure_channel("unix://" + socket) as channel:
        call = channel.unary_unary(
            "/runtime.v1.RuntimeService/" + method,
            request_serializer=lambda values: encode(method + "Request", values),
            response_deserializer=lambda data: decode(method + "Response", data))
        try:
            answer = call(request, timeout=60)
            for count in range(1, repeat):
                other = call(request, timeout=60)
                if other != answer:
                    raise SystemExit(f"cri.py: answer {count + 1} is {other}, the first was {answer}")
        except grpc.RpcError as error:
            print(error.details(), file=sys.stderr)
            return 1
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
