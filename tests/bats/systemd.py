#!/usr/bin/python3
"""A small org.freedesktop.systemd1 on a bus of its own, for tests/bats/systemd.bats: units are
directories of a cgroup hierarchy and entries of a file, so that they outlive its restarts.

    systemd.py serve DIR            DIR/bus is the address; DIR/mode says what goes wrong:
                                    failed: starting fails, and then the unit; never: jobs do not end; deaf: no answer at all;
                                    lost: it starts itself anew in the midst of a call, once;
                                    unheard: jobs end without a signal; refuse: "set" is refused
    systemd.py ask PROGRAM BUILD LIMIT_MS start|set|stop WORD...
                                    as osless asks osless-systemd; prints its answer
"""
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time

NAME = "org.freedesktop.systemd1"
HIERARCHY = "/sys/fs/cgroup/systemd" if os.path.isdir("/sys/fs/cgroup/systemd") else "/sys/fs/cgroup"
WORDS = {"start": 2, "set": 3, "stop": 4}


def plain(value):
    """A D-Bus value as one line."""
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(plain(item) for item in value) + "]"
    if type(value).__name__ == "Boolean":
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, int) else str(value)


def encode(name):
    return "".join(c if c.isascii() and c.isalnum() else "_%02x" % ord(c) for c in name)


def serve(place):
    import dbus
    import dbus.mainloop.glib
    import dbus.service
    from gi.repository import GLib

    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection("unix:path=" + place + "/bus")
    loop = GLib.MainLoop()

    def mode():
        try:
            with open(place + "/mode", encoding="ascii") as file:
                return file.read().strip()
        except FileNotFoundError:
            return ""

    def load():
        try:
            with open(place + "/units", encoding="ascii") as file:
                return json.load(file)
        except FileNotFoundError:
            return {}

    def save(units):
        with open(place + "/units.new", "w", encoding="ascii") as file:
            json.dump(units, file)
        os.rename(place + "/units.new", place + "/units")

    def note(line):
        with open(place + "/log", "a", encoding="ascii") as file:
            file.write(line + "\n")

    def start_anew():
        os.unlink(place + "/mode")
        os.execv(sys.argv[0], sys.argv)

    def error(word, text):
        return dbus.DBusException(text, name=NAME + "." + word)

    def find(name):
        units = load()
        if name not in units:
            raise error("NoSuchUnit", "Unit %s not loaded." % name)
        return units[name]

    class Manager(dbus.service.FallbackObject):
        jobs = 0

        def job(self, unit, result="done"):
            Manager.jobs += 1
            path = "/org/freedesktop/systemd1/job/%d_%d" % (os.getpid(), Manager.jobs)
            if mode() not in ("never", "unheard"):
                GLib.timeout_add(20, self.end_job, path, unit, result)
            return dbus.ObjectPath(path)

        def end_job(self, path, unit, result):
            self.JobRemoved(Manager.jobs, dbus.ObjectPath(path), unit, result)
            return False

        @dbus.service.signal(NAME + ".Manager", signature="uoss")
        def JobRemoved(self, number, path, unit, result):
            pass

        @dbus.service.method(NAME + ".Manager")
        def Subscribe(self):
            pass

        @dbus.service.method(NAME + ".Manager", in_signature="ssa(sv)a(sa(sv))", out_signature="o",
                             async_callbacks=("answer", "refuse"))
        def StartTransientUnit(self, name, _, properties, __, answer, refuse):
            units = load()
            if mode() == "deaf":
                return
            if name in units:
                refuse(error("UnitExists", "Unit %s was already loaded." % name))
                return
            given = {str(key): value for key, value in properties}
            for key, value in properties:
                note("start %s %s=%s" % (name, key, plain(value)))
            slices, stem = "", str(given.get("Slice", "-.slice"))[:-len(".slice")]
            parts = [part for part in stem.split("-") if part]
            for end in range(1, len(parts) + 1):
                slices += "/" + "-".join(parts[:end]) + ".slice"
            cgroup = slices + "/" + name
            os.makedirs(HIERARCHY + cgroup, exist_ok=True)
            for pid in given.get("PIDs", []):
                with open(HIERARCHY + cgroup + "/cgroup.procs", "w", encoding="ascii") as file:
                    file.write(str(pid))
            units[name] = {"state": "failed" if mode() == "failed" else "active", "cgroup": cgroup}
            save(units)
            if mode() == "lost":
                start_anew()
            answer(self.job(name, "failed" if mode() == "failed" else "done"))

        @dbus.service.method(NAME + ".Manager", in_signature="ss", out_signature="o")
        def StopUnit(self, name, _):
            find(name)
            units = load()
            note("stop %s" % name)
            cgroup = HIERARCHY + units[name]["cgroup"]
            for _ in range(100 if os.path.isdir(cgroup) else 0):
                with open(cgroup + "/cgroup.procs", encoding="ascii") as file:
                    pids = [int(pid) for pid in file.read().split()]
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)
                if not pids:
                    break
                time.sleep(0.01)
            if os.path.isdir(cgroup):
                os.rmdir(cgroup)
            if mode() == "failed":
                units[name]["state"] = "failed"
            else:
                del units[name]
            save(units)
            if mode() == "lost":
                start_anew()
            return self.job(name)

        @dbus.service.method(NAME + ".Manager", in_signature="s")
        def ResetFailedUnit(self, name):
            units = load()
            if find(name)["state"] == "failed":
                note("reset %s" % name)
                del units[name]
                save(units)

        @dbus.service.method(NAME + ".Manager", in_signature="sba(sv)")
        def SetUnitProperties(self, name, runtime, properties):
            find(name)
            if mode() == "refuse":
                raise error("PropertyReadOnly", "Property is read-only.")
            for key, value in properties:
                note("set %s %s=%s runtime=%s" % (name, key, plain(value), plain(runtime)))

        @dbus.service.method(NAME + ".Manager", in_signature="u", out_signature="o")
        def GetUnitByPID(self, pid):
            with open("/proc/%d/cgroup" % pid, encoding="ascii") as file:
                lines = file.read().split("\n")
            for name, unit in load().items():
                if any(line.endswith(":" + unit["cgroup"]) for line in lines):
                    return dbus.ObjectPath("/org/freedesktop/systemd1/unit/" + encode(name))
            raise error("NoUnitForPID", "PID %d does not belong to any loaded unit." % pid)

        @dbus.service.method("org.freedesktop.DBus.Properties", in_signature="ss", out_signature="v",
                             rel_path_keyword="path")
        def Get(self, interface, name, path):
            if name == "Version":
                return "252.30-1~deb12u2"
            if interface == NAME + ".Manager":
                return ""
            if interface == NAME + ".Job":
                if mode() == "unheard":
                    raise dbus.DBusException("Unknown object.", name="org.freedesktop.DBus.Error.UnknownObject")
                return "running"
            for unit, values in load().items():
                if path.endswith("/" + encode(unit)):
                    return values["state"] if name == "ActiveState" else values["cgroup"]
            return "inactive" if name == "ActiveState" else ""

    held = Manager(bus, "/org/freedesktop/systemd1"), dbus.service.BusName(NAME, bus)
    with open(place + "/ready", "w", encoding="ascii"):
        pass
    loop.run()
    del held


def ask(program, build, limit, kind, words):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with subprocess.Popen([program, build, "system", "0", limit], stdin=theirs):
        theirs.close()
        print(say(ours))
        request = os.memfd_create("words")
        os.write(request, b"".join(word.encode() + b"\0" for word in words))
        os.lseek(request, 0, os.SEEK_SET)
        socket.send_fds(ours, [struct.pack("IiI", WORDS[kind], 0, 0)], [request])
        print(say(ours))
        ours.close()


def say(sock):
    answer = sock.recv(4096)
    if not answer:
        return "no word"
    kind, number, _ = struct.unpack_from("IiI", answer)
    names = {1: "manager", 5: "done", 6: "failed"}
    return " ".join((names[kind], str(number), answer[12:].decode())).strip()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        ask(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5], sys.argv[6:])
