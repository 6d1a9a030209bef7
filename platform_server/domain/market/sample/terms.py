"""The terms goods are sold on: what is handed over, its code format, prices, limits and instructions."""

from dataclasses import dataclass, field

from platform_server.domain.goods import FieldOption, FieldSpec, Limits, Names, Payload
from platform_server.domain.market import code_formats as formats
from platform_server.domain.market.code_formats import CodeFormat


@dataclass(frozen=True, slots=True)
class Terms:
    """What every size of a range has in common; prices are in hundredths of a percent of the face value.

    `payload` is None for a top-up. `number` and `pin` are a card's formats ("pin" is a link's last part).
    `redeem` is the query of the redeem link that goes into the QR.
    """

    payload: Payload | None
    instructions: Names
    wholesale: int
    retail: int = 10_000
    number: CodeFormat | None = None
    pin: CodeFormat | None = None
    redeem: str | None = None
    fields: tuple[FieldSpec, ...] = ()
    limits: Limits = field(default_factory=Limits)
    validity_days: int | None = None
    is_leasable: bool = True
    return_rule: str = "never"


PHONE_NUMBER = FieldSpec("phone", Names("手机号码", "Phone number"), validator="phone_cn")
ACCOUNT = FieldSpec("account", Names("充值账号", "Account name"), validator="account")
CHAT_NUMBER = FieldSpec("account", Names("聊天号码", "Chat number"), validator="qq")
FUEL_CARD_NUMBER = FieldSpec("account", Names("加油卡卡号", "Fuel card number"), validator="digits")
REGION = FieldSpec(
    "region",
    Names("区服", "Region"),
    kind="choice",
    options=(
        FieldOption("east", Names("东区", "East")),
        FieldOption("west", Names("西区", "West")),
        FieldOption("global", Names("国际服", "Global")),
    ),
)
ONE = Limits(1, 1, 1)

_ENTER_BOTH = Names(
    "登录游戏，打开“充值中心”，输入卡号和密码。",
    "Sign in to the game, open the top-up centre and enter number and PIN.",
)
_ENTER_PIN = Names(
    "打开应用的“兑换”页面，输入卡密即可到账。",
    "Open the app's redeem page and enter the PIN; it counts at once.",
)
_OPEN_LINK = Names(
    "用手机扫描二维码，登录后按提示领取。", "Scan the QR with a phone, sign in and follow the steps."
)
_SHOW_AT_TILL = Names(
    "结账时出示二维码或卡密，余额可多次使用。",
    "Show the QR or the PIN at the checkout; the rest stays on the card.",
)
_ACTIVATE = Names(
    "安装软件后选择“激活”，输入产品密钥。密钥仅限一人使用。",
    "Install the program, choose Activate and enter the key. One key serves one person.",
)
_PHONE_CARD = Names(
    "拨打运营商客服热线或打开其应用，输入充值卡密码。",
    "Call the carrier's hotline or open its app and enter the card's PIN.",
)
_CREDITED = Names(
    "直接充入所填账号，请核对后再付款，到账后不可退。",
    "Credited straight to the account. Check it before paying; no return once credited.",
)

GAME_CARD = Terms(
    Payload.NUMBER_PIN, _ENTER_BOTH, 9_600,
    number=formats.NUMBER_16, pin=formats.PIN_14, redeem="n={number}&p={pin}",
)  # fmt: skip
GAME_CARD_PLAIN = Terms(
    Payload.NUMBER_PIN, _ENTER_BOTH, 9_450, 9_900, number=formats.NUMBER_12, pin=formats.PIN_11
)
GAME_PIN = Terms(Payload.PIN, _ENTER_PIN, 9_300, 9_800, pin=formats.PIN_15, redeem="p={pin}")
GAME_PASS = Terms(Payload.LINK, _OPEN_LINK, 9_400, pin=formats.TOKEN_22, validity_days=180)
PHONE_TOP_UP = Terms(None, _CREDITED, 9_930, fields=(PHONE_NUMBER,), limits=ONE, is_leasable=False)
PHONE_CARD = Terms(
    Payload.NUMBER_PIN, _PHONE_CARD, 9_850, number=formats.NUMBER_17, pin=formats.PIN_18, validity_days=730
)
TRAVEL_DATA = Terms(
    Payload.LINK, _OPEN_LINK, 9_200, 10_000, pin=formats.TOKEN_22,
    limits=Limits(1, 5, 1), validity_days=180, return_rule="unused_proven",
)  # fmt: skip
MEMBERSHIP = Terms(
    Payload.PIN, _ENTER_PIN, 9_350, 9_800, pin=formats.PIN_13, redeem="p={pin}", validity_days=365
)
MEMBERSHIP_LINK = Terms(Payload.LINK, _OPEN_LINK, 9_250, 9_700, pin=formats.TOKEN_22, validity_days=180)
GIFT_CARD = Terms(
    Payload.NUMBER_PIN, _SHOW_AT_TILL, 9_800,
    number=formats.NUMBER_19, pin=formats.PIN_11, redeem="n={number}&p={pin}",
    limits=Limits(1, 20, 1), validity_days=1_095, return_rule="unused_proven",
)  # fmt: skip
VOUCHER = Terms(
    Payload.PIN, _SHOW_AT_TILL, 9_200, 9_500, pin=formats.PIN_13,
    limits=Limits(2, 20, 2), validity_days=90, return_rule="unused_proven",
)  # fmt: skip
FUEL_CARD = Terms(
    Payload.NUMBER_PIN, _SHOW_AT_TILL, 9_880, number=formats.NUMBER_20, pin=formats.PIN_14,
    limits=Limits(1, 5, 1), validity_days=1_095, return_rule="unused_proven",
)  # fmt: skip
FUEL_TOP_UP = Terms(None, _CREDITED, 9_900, fields=(FUEL_CARD_NUMBER,), limits=ONE, is_leasable=False)
SOFTWARE_KEY = Terms(
    Payload.PIN, _ACTIVATE, 9_200, 10_200, pin=formats.PIN_25,
    limits=Limits(1, 5, 1), return_rule="unused_proven",
)  # fmt: skip
COINS_BY_ACCOUNT = Terms(None, _CREDITED, 9_500, fields=(ACCOUNT,), limits=ONE, is_leasable=False)
COINS_BY_REGION = Terms(None, _CREDITED, 9_450, fields=(ACCOUNT, REGION), limits=ONE, is_leasable=False)
COINS_BY_NUMBER = Terms(None, _CREDITED, 9_550, fields=(CHAT_NUMBER,), limits=ONE, is_leasable=False)
COINS_PIN = Terms(Payload.PIN, _ENTER_PIN, 9_400, 9_900, pin=formats.PIN_15, redeem="p={pin}")
