"""QR codes as pictures inside a page, so that nothing of them is ever a file."""

from __future__ import annotations

import base64
import io

import qrcode
import qrcode.image.svg


def qr_picture(text: str) -> str:
    """A data address of an SVG picture."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(text)
    file = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathFillImage).save(file)
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def qr_text(text: str) -> str:
    """The same for a terminal, dark on light."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=2)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out, invert=True)
    return out.getvalue()
