"""A shop window's worth of goods with invented names, for pictures and for tests that need many."""

from __future__ import annotations

from dataclasses import replace

from pos_app.domain.catalogue import Brand, Category, Choice, FieldSpec, Limits, Names, Product
from pos_app.domain.money import Money
from tests.fakes.till_goods import PHONE, PHONE_FIELD, code_product, top_up_product

GAMES = Category("1-games", Names("游戏", "Games"))
PHONES = Category("2-phone", Names("话费", "Phone"))
VIDEO = Category("3-video", Names("影音", "Video and music"))
GIFT = Category("4-gift", Names("购物礼品", "Shopping and gifts"))
FUEL = Category("5-fuel", Names("加油", "Fuel"))
SOFT = Category("6-soft", Names("软件", "Software"))

_BRANDS = {
    "steam": Names("蒸汽岛", "Steam Isle"),
    "qq": Names("企鹅屋", "Penguin House"),
    "wangyi": Names("云帆", "Cloud Sail"),
    "dream": Names("梦山河", "Dream Rivers"),
    "apple": Names("青果", "Green Fruit"),
    "aiqiyi": Names("奇岛影视", "Odd Isle Video"),
    "youku": Names("悠看", "Yokan"),
    "music": Names("云音", "Cloud Notes"),
    "jd": Names("星河商城", "Galaxy Mall"),
    "mall": Names("柿集超市", "Persimmon Mart"),
    "sinopec": Names("疾牛石化", "Swift Ox Fuel"),
    "office": Names("墨舟办公", "Ink Boat Office"),
    "mobile": Names("中国移动", "China Mobile"),
    "unicom": Names("中国联通", "China Unicom"),
    "telecom": Names("中国电信", "China Telecom"),
}
# brand, category, Chinese name, English name, face in fen, price in fen, stock
_CODES = (
    ("steam", GAMES, "钱包充值码", "Wallet Code", 10_000, 10_000, None),
    ("steam", GAMES, "钱包充值码", "Wallet Code", 5_000, 5_000, 4),
    ("qq", GAMES, "Q币卡", "Q Coin Card", 3_000, 2_950, None),
    ("wangyi", GAMES, "一卡通", "One Card", 3_000, 2_980, None),
    ("dream", GAMES, "点卡", "Point Card", 10_000, 9_800, 0),
    ("apple", GIFT, "礼品卡", "Gift Card", 20_000, 20_000, None),
    ("aiqiyi", VIDEO, "黄金会员月卡", "Gold Membership, one month", 2_500, 1_990, None),
    ("youku", VIDEO, "酷喵会员季卡", "TV Membership, three months", 6_800, 5_800, None),
    ("music", VIDEO, "黑胶会员月卡", "Vinyl Membership, one month", 1_800, 1_500, 2),
    ("jd", GIFT, "E卡", "E-Card", 50_000, 50_000, None),
    ("mall", GIFT, "购物卡", "Shopping Card", 10_000, 9_900, None),
    ("sinopec", FUEL, "加油卡充值券", "Fuel Voucher", 50_000, 49_500, None),
    ("office", SOFT, "家庭版一年", "Home, one year", 39_800, 35_900, None),
)
_TOP_UPS = (
    *(("mobile", face) for face in (1_000, 2_000, 3_000, 5_000, 10_000, 20_000)),
    *(("unicom", face) for face in (3_000, 5_000, 10_000)),
    *(("telecom", face) for face in (3_000, 5_000, 10_000)),
)
QQ_FIELDS = (
    FieldSpec("account", Names("QQ 号", "QQ number"), "text", (), "qq", True),
    FieldSpec(
        "zone",
        Names("大区", "Region"),
        "choice",
        (
            Choice("telecom-1", Names("电信一区", "Telecom 1")),
            Choice("netcom-1", Names("网通一区", "Netcom 1")),
        ),
        None,
        True,
    ),
)


def many_products() -> tuple[Product, ...]:
    """Codes, phone top-ups, and one account top-up with a form."""
    codes = tuple(_code(number, *row) for number, row in enumerate(_CODES, 1))
    top_ups = tuple(_phone(number, brand, face) for number, (brand, face) in enumerate(_TOP_UPS, 900))
    return (*codes, *top_ups, _account(990))


def stock_of() -> dict[str, int | None]:
    """How many the platform holds, where it is not plenty."""
    return {f"product-{number}": row[6] for number, row in enumerate(_CODES, 1)}


def _code(number: int, brand: str, category: Category, *facts: str | int | None) -> Product:
    zh, en, face, price, stock = facts
    assert isinstance(face, int)
    assert isinstance(price, int)
    assert stock is None or isinstance(stock, int)
    names = _BRANDS[brand]
    return replace(
        code_product(number, face=face),
        names=Names(f"{names.zh} {zh} {face // 100} 元", f"{names.en} {en} {face // 100}"),
        brand=Brand(brand, names),
        category=category,
        price=Money(price),
        wholesale=Money(price * 95 // 100),
        stock=stock,
    )


def _phone(number: int, brand: str, face: int) -> Product:
    names = _BRANDS[brand]
    return replace(
        top_up_product(number, face=face),
        names=Names(f"{names.zh} 话费 {face // 100} 元", f"{names.en} Top-up {face // 100}"),
        brand=Brand(brand, names),
        category=replace(PHONE, id=PHONES.id, names=PHONES.names),
        price=Money(face - face // 500 * 1),
        fields=(PHONE_FIELD,),
    )


def _account(number: int) -> Product:
    names = _BRANDS["qq"]
    return replace(
        top_up_product(number, face=5_000),
        names=Names("企鹅屋游戏直充 50 元", "Penguin House Game Direct 50"),
        brand=Brand("qq", names),
        category=GAMES,
        fields=QQ_FIELDS,
        limits=Limits(1, 1, 1),
    )
