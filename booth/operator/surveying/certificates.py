"""Who made out a certificate: of its DER, as much as that takes. Pure."""

_NAMES = {b"\x55\x04\x03": 2, b"\x55\x04\x0a": 1}
"""What tells most of who it is (X.520): a common name before an organisation."""

_SEQUENCE, _SET, _IDENTIFIER, _VERSION = 0x30, 0x31, 0x06, 0xA0

_TEXTS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
"""The kinds of text that names have."""


def issuer(der: bytes) -> str:
    """Return the common name of who made out a certificate, or its organisation; "" if it cannot be told."""
    try:
        parts = _parts(_inside(_inside(der)))  # Certificate, TBSCertificate
        if parts and parts[0][0] == _VERSION:
            parts = parts[1:]
        found: dict[int, str] = {}
        for _, relative in _parts(parts[2][1]):  # serial number, algorithm, issuer
            for _, attribute in _parts(relative):
                (kind, name), (text, value) = _parts(attribute)
                if kind == _IDENTIFIER and name in _NAMES and text in _TEXTS:
                    found[_NAMES[name]] = value.decode(_TEXTS[text])
        return found[max(found)] if found else ""
    except (ValueError, IndexError, LookupError):
        return ""


def _inside(der: bytes) -> bytes:
    """Return the content of the first part."""
    return _parts(der)[0][1]


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """Return the parts that stand one behind the other, each with its tag. Raises ValueError, IndexError."""
    parts, at = [], 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length > 0x80:
            size = length - 0x80
            length, at = int.from_bytes(der[at : at + size]), at + size
        if at + length > len(der):
            raise ValueError("it is cut off")
        parts.append((tag, der[at : at + length]))
        at += length
    return parts
