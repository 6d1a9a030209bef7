"""A vault and its sealing counterpart without any cipher: it keeps the binding's promise, not the secret."""

import hashlib
import json
from dataclasses import dataclass, field

from pos_app.domain.card_code import Binding, CardSecret
from pos_app.domain.errors import CodeSealBroken

_MARK = b"fake-seal:"


def seal_plainly(binding: Binding, secret: CardSecret) -> bytes:
    """What `FakeVault` opens again, for this binding alone."""
    text = {"number": secret.number, "pin": secret.pin, "link": secret.link, "expires_at": secret.expires_at}
    if secret.image is not None:
        text["image"] = secret.image.hex()
    return _MARK + hashlib.sha256(binding.encode()).digest() + json.dumps(text).encode()


@dataclass
class FakeVault:
    """Opens what `seal_plainly` made; `opened` tells which cards were revealed, in order."""

    opened: list[str] = field(default_factory=list)

    def open(self, sealed: bytes, binding: Binding) -> CardSecret:
        head = _MARK + hashlib.sha256(binding.encode()).digest()
        if not sealed.startswith(head):
            raise CodeSealBroken(card_id=binding.card_id)
        self.opened.append(binding.card_id)
        text = json.loads(sealed[len(head) :])
        image = text.pop("image", None)
        return CardSecret(**text, image=None if image is None else bytes.fromhex(image))
