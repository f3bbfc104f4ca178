"""The QR code that signs a WeChat account in, as an image inside the page."""

import segno


def data_uri(url: str) -> str:
    """An SVG data URI. Black on white with a quiet zone, also on a dark page: scanners need the contrast."""
    return segno.make(url, micro=False).svg_data_uri(scale=5, border=4, dark="#000", light="#fff", svgclass=None)
