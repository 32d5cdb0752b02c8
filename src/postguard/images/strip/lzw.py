"""Where the LZW codes of a GIF frame end: what follows is read by no decoder."""

from typing import Final

_MOST_CODES: Final = 4096


def end_of_codes(codes: bytes, least_bits: int, pixels: int) -> int:
    """The number of bytes that the codes of a frame of so many pixels take.

    About half a second for a million codes, so it is for frames with a reason only.
    """
    if not 1 <= least_bits <= 8:
        return len(codes)
    clear, end = 1 << least_bits, (1 << least_bits) + 1
    lengths = [1] * clear + [0, 0]
    bits, previous, drawn = least_bits + 1, 0, 0
    buffer = held = at = 0
    while drawn < pixels:
        while held < bits:
            if at == len(codes):
                return at
            buffer |= codes[at] << held
            held += 8
            at += 1
        code = buffer & (1 << bits) - 1
        buffer >>= bits
        held -= bits
        if code == clear:
            del lengths[end + 1 :]
            bits, previous = least_bits + 1, 0
            continue
        if code == end:
            return at
        length = lengths[code] if code < len(lengths) else previous + 1
        if previous and len(lengths) < _MOST_CODES:
            lengths.append(previous + 1)
            if len(lengths) == 1 << bits and bits < 12:
                bits += 1
        drawn += length
        previous = length
    # The codes' own end may follow the last pixel.
    while held < bits and at < len(codes):
        buffer |= codes[at] << held
        held += 8
        at += 1
        if held >= bits and buffer & (1 << bits) - 1 == end:
            return at
    return at - (held // 8 if held >= bits else 0)
