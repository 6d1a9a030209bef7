"""Every colour, size and space that the screen uses, for each of the three looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FAMILY = "Noto Sans SC"

# Space and corners, before scaling.
SPACE = (4, 8, 12, 16, 24, 32, 48)
RADIUS, RADIUS_CARD = 8, 12
LEAST_TARGET = 44


class Look(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    LARGE = "large"  # large print, high contrast


@dataclass(frozen=True)
class Tokens:
    """One look. Colours are #RRGGBB; `scale` multiplies type and space."""

    ground: str
    card: str
    sunken: str  # a place to put something: entry, chip, pressed key
    ink: str
    second: str
    hairline: str
    edge: str  # the outline of a control that must be found by its outline alone
    accent: str
    on_accent: str
    accent_ground: str  # what is selected
    ok: str
    ok_ground: str
    warn: str
    warn_ground: str
    danger: str
    danger_ground: str
    scale: float = 1.0

    def px(self, size: float) -> int:
        return round(size * self.scale)


LIGHT = Tokens(
    ground="#F6F7F9",
    card="#FFFFFF",
    sunken="#EEF1F5",
    ink="#14181F",
    second="#5B6472",
    hairline="#E3E7ED",
    edge="#8A93A1",
    accent="#0B64CC",
    on_accent="#FFFFFF",
    accent_ground="#E8F1FC",
    ok="#0F7553",
    ok_ground="#E4F4ED",
    warn="#6B4A00",
    warn_ground="#FFF3D6",
    danger="#B3201F",
    danger_ground="#FDECEA",
)
DARK = Tokens(
    ground="#12151A",
    card="#1B2027",
    sunken="#262D36",
    ink="#EEF1F5",
    second="#A3ADBA",
    hairline="#2A313B",
    edge="#6F7B8A",
    accent="#5AA2FF",
    on_accent="#0B1320",
    accent_ground="#1C2F4A",
    ok="#41C79A",
    ok_ground="#15332A",
    warn="#F3B55E",
    warn_ground="#3A2C12",
    danger="#FF8A8A",
    danger_ground="#3F1D1F",
)
LARGE = Tokens(
    ground="#FFFFFF",
    card="#FFFFFF",
    sunken="#F0F0F0",
    ink="#000000",
    second="#3D3D3D",
    hairline="#767676",
    edge="#000000",
    accent="#0A3D91",
    on_accent="#FFFFFF",
    accent_ground="#E3EDFF",
    ok="#00522F",
    ok_ground="#E0F5EA",
    warn="#5A3800",
    warn_ground="#FFF0C7",
    danger="#8C0F0F",
    danger_ground="#FFE5E2",
    scale=4 / 3,
)
TOKENS = {Look.LIGHT: LIGHT, Look.DARK: DARK, Look.LARGE: LARGE}

# Which ink stands on which ground: the contrast test walks this list.
PAIRS = (
    *((ink, ground) for ink in ("ink", "second", "accent") for ground in ("ground", "card", "sunken")),
    *((ink, ground) for ink in ("ok", "warn", "danger") for ground in ("ground", "card")),
    ("on_accent", "accent"),
    ("ink", "accent_ground"),
    ("second", "accent_ground"),
    ("accent", "accent_ground"),
    *((ink, f"{state}_ground") for state in ("ok", "warn", "danger") for ink in (state, "ink")),
)
