"""Reading a page's data back, written apart from the program's encoder and script."""

import base64
import gzip
import html
import json
import re


def payload_of(page: bytes) -> bytes:
    found = re.search(rb'<script type="application/octet-stream" id="data">([A-Za-z0-9+/=]*)</script>', page)
    return base64.b64decode(found.group(1))


def everything_in(page: bytes) -> str:
    """Return all that a page holds, as text: its own part as a reader sees it, and its data unpacked."""
    return html.unescape(page.decode("ascii")) + gzip.decompress(payload_of(page)).decode("utf-8", "replace")


def varints(data: bytes) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(value)
            value, shift = 0, 0
    assert shift == 0, "a number ends early"
    return values


def unzigzag(value: int) -> int:
    return -(value + 1) // 2 if value % 2 else value // 2


def opened(packed: bytes):
    """Return header and streams of numbers."""
    data = gzip.decompress(packed)
    length, at, shift = 0, 0, 0
    while True:
        byte = data[at]
        length |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            break
    header = json.loads(data[at : at + length].decode("utf-8"))
    at += length
    streams = {}
    for name, size in header["streams"]:
        bare = name in ("photos", "picture", "words")
        streams[name] = list(data[at : at + size]) if bare else varints(data[at : at + size])
        at += size
    assert at == len(data)
    return header, streams


def layers_of(packed: bytes):
    """Return the layers with shapes [(kind, parts, counts, xy)], columns, first, last and feature."""
    header, streams = opened(packed)
    take = {name: iter(values) for name, values in streams.items()}
    x = y = 0
    for layer in header["layers"]:
        layer["shapes"], layer["first"], layer["last"], layer["feature"], layer["look"] = [], [], [], [], []
        for _ in range(layer["count"]):
            kind = next(take["kinds"])
            parts, counts, xy = [], [], []
            for _ in range(next(take["parts"])):
                parts.append(next(take["paths"]) if kind == 3 else 1)
                for _ in range(parts[-1]):
                    counts.append(next(take["counts"]))
                    for _ in range(counts[-1]):
                        x, y = x + unzigzag(next(take["x"])), y + unzigzag(next(take["y"]))
                        xy.append((x, y))
            layer["shapes"].append((kind, tuple(parts), tuple(counts), tuple(xy)))
            layer["first"].append(next(take["first"]))
            layer["last"].append(len(header["revisions"]) - 1 - next(take["last"]))
            layer["feature"].append(
                (layer["feature"][-1] if layer["feature"] else -1) + next(take["feature"])
            )
            layer["look"].append(next(take["looks"]))
    for layer in header["layers"]:
        layer["columns"] = {}
        for f in layer["fields"]:
            f["values"] = json.loads(bytes(next(take["words"]) for _ in range(f["words"])))
            layer["columns"][f["id"]] = column(f["values"], layer["count"], take["codes"])
    for photo in header["photos"]:
        photo[0] = bytes(next(take["photos"]) for _ in range(photo[0]))
    assert all(next(rest, None) is None for name, rest in take.items() if name != "picture")
    return header


def column(words, count, codes):
    fresh = iter(words)
    values = []
    for _ in range(count):
        code = next(codes)
        values.append(None if code == 0 else next(fresh) if code == 1 else words[code - 2])
    return values
