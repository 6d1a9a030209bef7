"""Classes of goods, which of them are sold at all, and the numbers of the policy; docs/goods.md gives their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_DELIVERY_MINUTES = 120
# From this face value on goods are of high value: minor units by currency. Elsewhere the risk class decides.
HIGH_VALUE: Mapping[str, int] = {"CNY": 50_000, "HKD": 55_000, "TWD": 220_000, "USD": 7_000, "EUR": 7_000}


@dataclass(frozen=True, slots=True)
class GoodsClass:
    """What the policy says of a class.

    `least_share`: a top-up's wholesale price in hundredths of a percent of its face value, at least.
    """

    is_game: bool = False
    least_share: int = 8_500


GOODS_CLASSES: Mapping[str, GoodsClass] = {
    "game_card": GoodsClass(is_game=True),
    "game_credit": GoodsClass(is_game=True),
    "phone_credit": GoodsClass(least_share=9_500),
    "data_plan": GoodsClass(least_share=9_000),
    "fuel": GoodsClass(least_share=9_500),
    "utility": GoodsClass(least_share=9_700),
    "membership": GoodsClass(),
    "gift_card": GoodsClass(least_share=9_000),
    "voucher": GoodsClass(),
    "software": GoodsClass(),
    "platform_credit": GoodsClass(least_share=9_000),
    "other": GoodsClass(least_share=9_500),
}

# What people ask for and nobody can put on sale here, with the reason that they read.
REFUSED_CLASSES: Mapping[str, str] = {
    "slow_top_up": "top-ups far below face value or spread over hours and days are a way to launder money",
    "player_gold": "only what a publisher authorised is sold, no goods from player to player",
    "player_item": "only what a publisher authorised is sold, no goods from player to player",
    "game_account": "accounts are not sold or let",
    "account_rental": "accounts are not sold or let",
    "boosting": "nobody plays with another's account, because its password would be asked for",
    "sms_code": "one-time codes and numbers that receive them are not sold",
    "real_name_account": "accounts and cards in another's name are not sold",
    "crypto": "no coins or tokens that are money elsewhere",
    "gambling": "no stakes and no chips",
}
