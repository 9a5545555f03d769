"""A frame: one text for many sockets, packed once."""


class Frame:
    """One text for many sockets: as an ASGI message, and as the bytes that go over the wire."""

    __slots__ = ("message", "raw")

    def __init__(self, text: str) -> None:
        self.message = {"type": "websocket.send", "text": text}
        payload = text.encode()
        # RFC 6455, 5.2: a final text frame from a server, not masked.
        size = len(payload)
        if size < 126:
            head = bytes((0x81, size))
        elif size < 65536:
            head = bytes((0x81, 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x81, 127)) + size.to_bytes(8, "big")
        self.raw = head + payload
