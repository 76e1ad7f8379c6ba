#!/usr/bin/env python3
"""mutate.py COUNT DIR FILE...: COUNT spoilt variants of JSON documents as DIR/NNN, the same ones each time."""
import json
import random
import sys

NUMBERS = [-1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 63) - 1, 1 << 63, 1 << 64, -(1 << 63) - 1, 10**400, 1.5]
WRONG = [None, True, "", [], {}, [[]], {"": None}, "x" * 70000, "\x00", "a\x00b", "\u2028\x1b[31m", -7, *NUMBERS]


def places(node):
    """(holder, key) of every value below node."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in list(keys):
        yield node, key
        yield from places(node[key])


def swap(text, dice):
    """A value of another type in the place of one."""
    document = json.loads(text)
    holder, key = dice.choice(list(places(document)))
    holder[key] = dice.choice(WRONG)
    return json.dumps(document)


def count(text, dice):
    """A number that is too large, or none of these, in the place of a number."""
    document = json.loads(text)
    numbers = [(h, k) for h, k in places(document) if type(h[k]) is int]
    holder, key = dice.choice(numbers)
    holder[key] = dice.choice(NUMBERS)
    return json.dumps(document)


def drop(text, dice):
    document = json.loads(text)
    holder, key = dice.choice(list(places(document)))
    del holder[key]
    return json.dumps(document)


def double(text, dice):
    """A key twice, with the same value or with another one."""
    document = json.loads(text)
    key = dice.choice(list(document))
    value = document[key] if dice.random() < 0.5 else dice.choice(WRONG)
    return "{" + json.dumps(key) + ":" + json.dumps(value) + "," + text.strip()[1:]


def nest(text, dice):
    """A property that nobody knows, deep in itself."""
    depth = dice.choice([20, 2000, 200000])
    return '{"unknown":' + "[" * depth + "]" * depth + "," + text.strip()[1:]


def many(text, dice):
    """A list that is too long for some."""
    document = json.loads(text)
    lists = [(h, k) for h, k in places(document) if type(h[k]) is list and h[k]]
    if lists:
        holder, key = dice.choice(lists)
        holder[key] *= dice.choice([300, 70000])
    return json.dumps(document)


def cut(text, dice):
    return text[: dice.randrange(len(text))]


def flip(text, dice):
    """Some bytes of the text are others, NUL among them."""
    data = bytearray(text.encode())
    for _ in range(dice.randrange(1, 4)):
        data[dice.randrange(len(data))] = dice.choice([0, 0x22, 0x7B, 0x5D, 0x5C, 0xFF, dice.randrange(256)])
    return bytes(data)


def more(text, dice):
    return text + dice.choice(["{}", "\x00", "]", "nonsense", "/* */"])


def main(number, directory, *paths):
    ways = [swap, swap, count, count, drop, double, nest, many, cut, flip, more]
    texts = [open(path).read() for path in paths]
    for i in range(int(number)):
        text = ways[i % len(ways)](texts[i % len(texts)], random.Random(i))
        with open("%s/%03d" % (directory, i), "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))


main(*sys.argv[1:])
