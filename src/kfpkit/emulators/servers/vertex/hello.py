"""The first message of TLS, which says what the client will speak."""

from __future__ import annotations

from collections.abc import Iterator

_HANDSHAKE = 22
_CLIENT_HELLO = 1
_ALPN = 16
_HEADS = 5 + 4 + 2 + 32  # of the record and the handshake, the version, the random bytes


def offers_only_http2(hello: bytes) -> bool:
    """Return whether a client speaks HTTP/2 and no other HTTP, as gRPC's clients do.

    Args:
        hello: The bytes of the message.
    """
    try:
        protocols = list(_list_protocols(hello))
    except IndexError:
        return False
    return b"h2" in protocols and b"http/1.1" not in protocols


def _list_protocols(hello: bytes) -> Iterator[bytes]:
    if hello[0] != _HANDSHAKE or hello[5] != _CLIENT_HELLO:
        return
    place = _HEADS
    place += 1 + hello[place]  # the session's ID
    place += 2 + _read_number(hello, place)  # the ciphers
    place += 1 + hello[place]  # the compressions
    end = place + 2 + _read_number(hello, place)
    place += 2
    while place < end:
        kind, size = _read_number(hello, place), _read_number(hello, place + 2)
        place += 4
        if kind == _ALPN:
            yield from _split(hello[place + 2 : place + size])
        place += size


def _split(names: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(names):
        size = names[place]
        yield names[place + 1 : place + 1 + size]
        place += 1 + size


def _read_number(content: bytes, place: int) -> int:
    return content[place] << 8 | content[place + 1]
