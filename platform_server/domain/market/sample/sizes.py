"""The sizes goods come in: plain face values, memberships by time, licences and data, best-selling first."""

from dataclasses import dataclass

from platform_server.domain.goods import Names


@dataclass(frozen=True, slots=True)
class Size:
    """One size of a range and what is printed on it."""

    names: Names
    face_yuan: int


def yuan(*faces: int) -> tuple[Size, ...]:
    """Cards that carry their value as a number."""
    return tuple(Size(Names(f"{face} 元", str(face)), face) for face in faces)


def membership(monthly: int) -> tuple[Size, ...]:
    """The usual terms of a membership, the longer the cheaper by the month."""
    return (
        Size(Names("月卡", "1 Month"), monthly),
        Size(Names("季卡", "3 Months"), monthly * 3 - monthly * 3 // 10),
        Size(Names("年卡", "12 Months"), monthly * 10 - 2),
        Size(Names("周卡", "7 Days"), max(3, monthly * 3 // 10)),
        Size(Names("半年卡", "6 Months"), monthly * 6 - monthly * 6 // 10),
        Size(Names("两年卡", "24 Months"), monthly * 18 - 2),
    )


def licences(yearly: int) -> tuple[Size, ...]:
    """The editions of a program for a price of the smallest one."""
    return (
        Size(Names("个人版 1 年", "Personal 1 Year"), yearly),
        Size(Names("家庭版 1 年", "Family 1 Year"), yearly * 2 - 10),
        Size(Names("个人版 2 年", "Personal 2 Years"), yearly * 2 - 20),
        Size(Names("专业版 1 年", "Pro 1 Year"), yearly * 3 - 10),
        Size(Names("家庭版 3 年", "Family 3 Years"), yearly * 5 - 10),
        Size(Names("专业版 永久", "Pro Lifetime"), yearly * 8 - 10),
    )


def data(per_gigabyte: int) -> tuple[Size, ...]:
    """Mobile data for travellers by volume and days."""
    plans = ((3, 15), (5, 30), (10, 30), (1, 7), (20, 30), (50, 90), (2, 7), (100, 180))
    return tuple(
        Size(Names(f"{volume} GB {days} 天", f"{volume} GB {days} Days"), 5 + per_gigabyte * volume)
        for volume, days in plans
    )


GAME = yuan(100, 50, 30, 10, 200, 500, 15, 300)
PHONE = yuan(50, 100, 30, 200, 20, 10, 300, 500)
PHONE_CARD = yuan(50, 100, 30, 20, 300)
SHOPPING = yuan(100, 50, 200, 500, 300, 20, 1000)
MEAL = yuan(50, 30, 100, 20, 200)
FUEL = yuan(200, 100, 500, 300, 50, 1000)
COINS = yuan(30, 10, 50, 100, 6, 200, 500, 1)
# What an invented brand has besides: the in-between values that a long shelf is full of.
GAME_LONG = yuan(100, 50, 30, 10, 200, 500, 15, 300, 20, 25, 60, 150, 1000, 5, 80, 400)
COINS_LONG = yuan(30, 10, 50, 100, 6, 200, 500, 1, 12, 18, 45, 68, 98, 128, 198, 328, 648)
SHOPPING_LONG = yuan(100, 50, 200, 500, 300, 20, 1000, 30, 10, 150, 400, 600, 800)
FUEL_LONG = yuan(200, 100, 500, 300, 50, 1000, 150, 250, 400, 600, 800)
