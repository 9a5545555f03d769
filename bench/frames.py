"""Websocket frames as a phone writes and reads them (RFC 6455, 5.2), with as little work as can be.

The load shares two cores with the server, so what a phone costs is what the figures suffer.
"""

import base64
import os

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
END_OF_HEAD = b"\r\n\r\n"

Message = tuple[int, bytes]


class NotAFrame(ValueError):
    """What came is nothing that a server may send."""


def handshake(path: str, host: str, cookie: str = "", scheme: str = "http") -> bytes:
    """Return the request that opens a socket, as a page of the same host would send it."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        f"Origin: {scheme}://{host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
    ]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def masked(payload: bytes, opcode: int = TEXT) -> bytes:
    """Return one final frame from a client: masked, as every frame from a client must be."""
    size, key = len(payload), os.urandom(4)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65536:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    stretched = (key * (size // 4 + 1))[:size]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(stretched, "big")
    return head + key + mixed.to_bytes(size, "big")


def split(data: bytes) -> tuple[list[Message], bytes]:
    """Return the whole messages at the start of what came, and the rest that is not whole yet.

    Servers send our phones nothing in pieces and nothing masked; whoever does is refused.
    """
    messages: list[Message] = []
    at, end = 0, len(data)
    while end - at >= 2:
        first, size = data[at], data[at + 1]
        begin = at + 2
        if size == 126:
            begin = at + 4
            if end < begin:
                break
            size = data[at + 2] << 8 | data[at + 3]
        elif size == 127:
            begin = at + 10
            if end < begin:
                break
            size = int.from_bytes(data[at + 2 : begin], "big")
        elif size > 127:
            raise NotAFrame("a server's frame is not masked")
        if not first & 0x80:
            raise NotAFrame("a frame in pieces")
        if end < begin + size:
            break
        at = begin + size
        messages.append((first & 0x0F, data[begin:at]))
    return messages, data[at:]


def seq_of(frame: bytes) -> int:
    """Return the seq that a frame says at its very beginning, without reading the rest of it."""
    begin = frame.index(b'"seq":', 0, 32) + 6
    return int(frame[begin : frame.index(b",", begin, begin + 32)])
