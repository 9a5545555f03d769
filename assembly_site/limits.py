"""Limits that both web servers are started with."""

# Bytes of one message in. ROOM.md 2 allows 4 kB, which the hub refuses in a sentence; only what
# is far beyond it costs the socket.
TEXT_AT_MOST = 16 * 1024
