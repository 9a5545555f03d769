"""The phones' own websocket, held against another implementation of the protocol."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from bench.frames import CLOSE, PING, TEXT, NotAFrame, handshake, masked, seq_of, split

payloads = st.binary(max_size=300) | st.integers(0, 70_000).map(lambda size: b"x" * size)


def read_by_websockets(data: bytes) -> Frame:
    stream = StreamReader()
    stream.feed_data(data)
    reading = Frame.parse(stream.read_exact, mask=True)
    with pytest.raises(StopIteration) as ended:
        next(reading)
    return ended.value.value


def from_server(payload: bytes, opcode: int = TEXT) -> bytes:
    return Frame(Opcode(opcode), payload).serialize(mask=False)


@given(payloads)
def test_others_read_what_a_phone_writes(payload):
    assert read_by_websockets(masked(payload)) == Frame(Opcode.TEXT, payload)


@given(st.lists(payloads, max_size=4), st.data())
def test_a_phone_reads_what_others_write_however_it_is_cut(texts, data):
    wire = b"".join(map(from_server, texts))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=4)))
    found, rest = [], b""
    for begin, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        messages, rest = split(rest + wire[begin:end])
        found += messages
    assert found == [(TEXT, text) for text in texts]
    assert rest == b""


def test_control_frames_are_told_apart():
    wire = from_server(b"?", PING) + from_server(b"\x03\xe8", CLOSE)
    assert split(wire) == ([(PING, b"?"), (CLOSE, b"\x03\xe8")], b"")


def test_a_masked_or_broken_up_frame_is_refused():
    with pytest.raises(NotAFrame):
        split(masked(b"from a client"))
    with pytest.raises(NotAFrame):
        split(Frame(Opcode.TEXT, b"part", fin=False).serialize(mask=False))


@pytest.mark.parametrize(
    "frame",
    [b'{"seq": 118, "at": 5, "panels": {}}', b'{"seq":118,"panels":{"a":"\\"seq\\": 3,"}}'],
)
def test_the_seq_of_a_frame_is_read_without_parsing(frame):
    assert seq_of(frame) == 118


def test_the_handshake_is_that_of_a_page_of_the_same_host():
    asked = handshake("/ws/m/x/", "127.0.0.1:8000", "sessionid=1").decode()
    assert asked.startswith("GET /ws/m/x/ HTTP/1.1\r\n")
    assert "Origin: http://127.0.0.1:8000\r\n" in asked
    assert "Cookie: sessionid=1\r\n" in asked
    assert asked.endswith("\r\n\r\n")
