"""An ONNX net freed of the one picture size that it was exported for, so that its file can stay as it was published.

ONNX is protobuf: a message is a row of numbered fields, each with a tag, and most with a length. Nothing else of the
format is needed here. Field numbers are those of onnx.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

_GRAPH = 7  # of ModelProto
_INITIALIZER, _INPUT, _OUTPUT, _VALUE = 5, 11, 12, 13  # of GraphProto
_NAME, _TENSOR_NAME = 1, 8  # of ValueInfoProto, of TensorProto
_CHUNK = 2  # wire type: a field with a length

_FLOAT = b"\x08\x01"
_DIMENSIONS = b"\x0a\x02\x08\x01\x0a\x02\x08\x03\x0a\x03\x12\x01h\x0a\x03\x12\x01w"
"""The shape (1, 3, h, w): one picture of three channels, of any height and width."""


def any_size(model: bytes) -> bytes:
    """The model with a first input of shape (1, 3, h, w) and outputs of any.

    Weights that were listed as inputs too, as old exporters did, are weights alone: a runtime may count on them. Raises
    ValueError where the bytes are no such model.
    """
    fields = list(_fields(model))
    if _GRAPH not in [number for number, _, _ in fields]:
        raise ValueError("no ONNX model")
    return b"".join(_chunk(_GRAPH, _graph(content)) if number == _GRAPH else whole for number, whole, content in fields)


def _graph(graph: bytes) -> bytes:
    weights = {_text(tensor, _TENSOR_NAME) for number, _, tensor in _fields(graph) if number == _INITIALIZER}
    parts = []
    for number, whole, content in _fields(graph):
        if number == _INPUT:
            if (name := _text(content, _NAME)) not in weights:
                parts.append(_chunk(_INPUT, _value(name, _FLOAT + _chunk(2, _DIMENSIONS))))
        elif number == _OUTPUT:
            parts.append(_chunk(_OUTPUT, _value(_text(content, _NAME), _FLOAT)))
        elif number != _VALUE:
            parts.append(whole)
    return b"".join(parts)


def _value(name: bytes, tensor: bytes) -> bytes:
    """A ValueInfoProto: a name, and the type of a tensor."""
    return _chunk(1, name) + _chunk(2, _chunk(1, tensor))


def _text(message: bytes, wanted: int) -> bytes:
    return next((content for number, _, content in _fields(message) if number == wanted), b"")


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, all bytes and content of every field of a message."""
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        match tag & 7:
            case 0:
                _, end = _varint(message, at)
            case 1:
                end = at + 8
            case 2:  # _CHUNK
                length, at = _varint(message, at)
                end = at + length
            case 5:
                end = at + 4
            case _:
                raise ValueError("no ONNX model")
        if end > len(message):
            raise ValueError("no ONNX model")
        yield tag >> 3, message[start:end], message[at:end]
        at = end


def _chunk(number: int, content: bytes) -> bytes:
    return _written(number << 3 | _CHUNK) + _written(len(content)) + content


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("no ONNX model")


def _written(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    return bytes([*written, value])
