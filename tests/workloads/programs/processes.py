"""Every way of multiprocessing, threads and subprocess; prints a line for each that worked."""
import concurrent.futures
import multiprocessing
import os
import queue
import signal
import subprocess
import threading
from multiprocessing import shared_memory


def square(number):
    return number * number


def count_up(lock, value):
    for _ in range(1000):
        with lock:
            value.value += 1


def fill(name):
    memory = shared_memory.SharedMemory(name)
    memory.buf[:4] = b"kept"
    memory.close()


def start_method(method):
    context = multiprocessing.get_context(method)
    with context.Pool(4) as pool:
        assert pool.map(square, range(100)) == [n * n for n in range(100)]
    lock, value = context.Lock(), context.Value("i", 0)
    processes = [context.Process(target=count_up, args=(lock, value)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert value.value == 3000, value.value


def manager():
    with multiprocessing.Manager() as server:
        shared = server.dict()
        process = multiprocessing.Process(target=shared.update, args=({"a": 1},))
        process.start()
        process.join()
        assert dict(shared) == {"a": 1}


def memory():
    block = shared_memory.SharedMemory(create=True, size=4096)
    process = multiprocessing.Process(target=fill, args=(block.name,))
    process.start()
    process.join()
    assert bytes(block.buf[:4]) == b"kept"
    block.close()
    block.unlink()


def executor():
    with concurrent.futures.ProcessPoolExecutor(4) as pool:
        assert sum(pool.map(square, range(50))) == sum(n * n for n in range(50))


def threads():
    done = queue.Queue()
    started = [threading.Thread(target=lambda n=n: done.put(square(n))) for n in range(50)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    assert sum(done.get() for _ in range(50)) == sum(n * n for n in range(50))


def processes():
    assert subprocess.run(["cat"], input=b"through", capture_output=True).stdout == b"through"
    assert subprocess.check_output("echo $((6 * 7))", shell=True) == b"42\n"
    assert subprocess.call(["sh", "-c", "exit 3"], start_new_session=True) == 3
    try:
        subprocess.run(["sleep", "10"], timeout=0.2)
        raise AssertionError("not timed out")
    except subprocess.TimeoutExpired:
        pass


def signals():
    seen = []
    signal.signal(signal.SIGALRM, lambda *_: seen.append("alarm"))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    signal.pause()
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    os.kill(pid, signal.SIGTERM)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGTERM
    assert seen == ["alarm"]


if __name__ == "__main__":
    for name in "fork", "spawn", "forkserver":
        start_method(name)
        print(name, "ok", flush=True)
    for name, check in ("manager", manager), ("shared_memory", memory), ("executor", executor), (
            "threads", threads), ("subprocess", processes), ("signals", signals):
        check()
        print(name, "ok", flush=True)
