"""An asyncio server on port 80: / has it talk to an echo server of its own, start a process and a thread."""
import asyncio
import signal


async def echo(reader, writer):
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def ask(number):
    reader, writer = await asyncio.open_unix_connection("/tmp/echo")
    writer.write(b"%d\n" % number)
    answer = await reader.readline()
    writer.close()
    return answer == b"%d\n" % number


async def everything():
    answers = await asyncio.gather(*(ask(number) for number in range(50)))
    child = await asyncio.create_subprocess_exec(
        "sh", "-c", "read n; echo $((n * 7))", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    said, _ = await child.communicate(b"6\n")
    product = await asyncio.to_thread(lambda: 6 * 7)
    return f"echoed {sum(answers)} of 50, child said {said.decode().strip()}, thread said {product}"


async def serve(reader, writer):
    path = (await reader.readline()).split()[1]
    while (await reader.readline()).strip():
        pass
    body = (await everything() if path == b"/" else "plain").encode()
    writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    await writer.drain()
    writer.close()


async def main():
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with await asyncio.start_unix_server(echo, "/tmp/echo"), await asyncio.start_server(
            serve, "127.0.0.1", 80):
        await ended.wait()


asyncio.run(main())
