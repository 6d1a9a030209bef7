"""The brands of the market, all invented but the four phone carriers, with their ranges by category."""

from collections.abc import Iterator

from platform_server.domain.goods import Brand, Category, Names
from platform_server.domain.market.sample import ranges, sizes, terms
from platform_server.domain.market.sample.ranges import Range
from platform_server.domain.market.sample.sizes import Size
from platform_server.domain.market.sample.terms import Terms

_Goods = tuple[str, str, tuple[Size, ...], Terms]
_Row = tuple[str, str, str, tuple[_Goods, ...]]  # a brand's id and names, then its ranges


def brand_ranges() -> Iterator[Range]:
    """All ranges, category by category, the best-known brands first."""
    for category, rows in _SHELVES:
        for brand_id, zh, en, ranges_of_brand in rows:
            brand = Brand(brand_id, Names(zh, en))
            for goods_zh, goods_en, goods_sizes, goods_terms in ranges_of_brand:
                yield Range(brand, category, Names(goods_zh, goods_en), goods_sizes, goods_terms)


def _pass(monthly: int) -> _Goods:
    return ("战令", "Season Pass", sizes.membership(monthly)[:3], terms.GAME_PASS)


def _member(zh: str, en: str, monthly: int, goods_terms: Terms = terms.MEMBERSHIP) -> _Goods:
    return zh, en, sizes.membership(monthly), goods_terms


def _carrier(brand_id: str, zh: str, en: str) -> _Row:
    airtime = ("话费", "Airtime", sizes.PHONE, terms.PHONE_TOP_UP)
    return brand_id, zh, en, (airtime, ("充值卡", "Recharge Card", sizes.PHONE_CARD, terms.PHONE_CARD))


def _fuel(brand_id: str, zh: str, en: str) -> _Row:
    card = ("加油卡", "Fuel Card", sizes.FUEL, terms.FUEL_CARD)
    return brand_id, zh, en, (card, ("油卡直充", "Fuel Top-up", sizes.FUEL, terms.FUEL_TOP_UP))


_GAMES: tuple[_Row, ...] = (
    ("galaxy", "星河", "Galaxy", (("点券", "Points", sizes.GAME, terms.GAME_CARD), _pass(30))),
    ("jade-isle", "玉屿", "Jade Isle", (("元宝", "Ingots", sizes.GAME, terms.GAME_CARD), _pass(28))),
    ("ember-keep", "烬堡", "Ember Keep", (("金币", "Coins", sizes.GAME, terms.GAME_PIN), _pass(45))),
    (
        "crane-saga",
        "鹤鸣传",
        "Crane Saga",
        (("点卡", "Game Card", sizes.GAME, terms.GAME_CARD_PLAIN), _pass(22)),
    ),
    ("moss-kingdom", "苔藓国", "Moss Kingdom", (("钻石", "Diamonds", sizes.GAME, terms.GAME_PIN), _pass(18))),
    ("iron-orchard", "铁果园", "Iron Orchard", (("齿轮币", "Gears", sizes.GAME, terms.GAME_CARD), _pass(20))),
    (
        "tide-racers",
        "潮汐飞车",
        "Tide Racers",
        (("车币", "Race Coins", sizes.GAME, terms.GAME_PIN), _pass(30)),
    ),
    (
        "paper-dragon",
        "纸龙",
        "Paper Dragon",
        (("龙鳞", "Scales", sizes.GAME, terms.GAME_CARD_PLAIN), _pass(26)),
    ),
    ("lantern-duel", "灯笼对决", "Lantern Duel", (("灯券", "Lights", sizes.GAME, terms.GAME_PIN), _pass(25))),
    ("north-raft", "北筏", "North Raft", (("木筹", "Tokens", sizes.GAME, terms.GAME_CARD), _pass(15))),
    ("cinder-fox", "炭狐", "Cinder Fox", (("狐火", "Foxfire", sizes.GAME, terms.GAME_PIN), _pass(32))),
    ("silk-voyage", "丝航", "Silk Voyage", (("丝券", "Silk Points", sizes.GAME, terms.GAME_CARD), _pass(36))),
    (
        "willow-chess",
        "柳棋",
        "Willow Chess",
        (("棋豆", "Beans", sizes.GAME, terms.GAME_CARD_PLAIN), _pass(12)),
    ),
)

# The carriers are named as plain facts; their ids are the slugs that the till knows a number's carrier by.
_PHONE: tuple[_Row, ...] = (
    _carrier("mobile", "中国移动", "China Mobile"),
    _carrier("unicom", "中国联通", "China Unicom"),
    _carrier("telecom", "中国电信", "China Telecom"),
    _carrier("broadnet", "中国广电", "China Broadnet"),
    ("heron-link", "鹭联", "Heron Link", (("境外流量", "Travel Data", sizes.data(6), terms.TRAVEL_DATA),)),
    ("mist-isle", "岚屿", "Mist Isle", (("漫游流量", "Roaming Data", sizes.data(8), terms.TRAVEL_DATA),)),
)

_VIDEO_MUSIC: tuple[_Row, ...] = (
    (
        "cloudsail", "云帆", "Cloudsail",
        (
            _member("视频会员", "Video", 25),
            _member("大屏会员", "Video Big Screen", 40, terms.MEMBERSHIP_LINK),
        ),
    ),
    ("bamboo-shade", "竹荫", "Bamboo Shade", (_member("影视会员", "Films", 20),)),
    ("night-owl", "枭夜", "Night Owl", (_member("影院会员", "Cinema", 30, terms.MEMBERSHIP_LINK),)),
    ("reed-flute", "芦笛", "Reed Flute", (_member("音乐会员", "Music", 15),)),
    ("copper-bell", "铜铃", "Copper Bell", (_member("音乐会员", "Music", 18, terms.MEMBERSHIP_LINK),)),
    ("drizzle", "细雨", "Drizzle", (_member("听书会员", "Audiobooks", 12),)),
    ("round-stone", "圆石", "Round Stone", (_member("少儿会员", "Kids", 22),)),
    ("high-ridge", "岭上", "High Ridge", (_member("体育会员", "Sports", 35, terms.MEMBERSHIP_LINK),)),
    ("paper-kite", "纸鸢", "Paper Kite", (_member("动漫会员", "Anime", 16),)),
)  # fmt: skip

_SHOPPING_GIFT: tuple[_Row, ...] = (
    (
        "persimmon-fair",
        "柿集",
        "Persimmon Fair",
        (("购物卡", "Shopping Card", sizes.SHOPPING, terms.GIFT_CARD),),
    ),
    ("harbour-lane", "港巷", "Harbour Lane", (("礼品卡", "Gift Card", sizes.SHOPPING, terms.GIFT_CARD),)),
    ("plum-basket", "梅篮", "Plum Basket", (("超市卡", "Grocery Card", sizes.SHOPPING, terms.GIFT_CARD),)),
    ("tea-relay", "茶驿", "Tea Relay", (("饮品券", "Drink Voucher", sizes.MEAL, terms.VOUCHER),)),
    ("morning-oven", "晨炉", "Morning Oven", (("烘焙卡", "Bakery Card", sizes.MEAL, terms.VOUCHER),)),
    (
        "green-hamper",
        "青篓",
        "Green Hamper",
        (("生鲜卡", "Fresh Food Card", sizes.SHOPPING, terms.GIFT_CARD),),
    ),
    ("book-slope", "书坡", "Book Slope", (("图书卡", "Book Card", sizes.SHOPPING, terms.GIFT_CARD),)),
    ("feather-box", "羽匣", "Feather Box", (("礼品卡", "Gift Card", sizes.SHOPPING, terms.GIFT_CARD),)),
    ("noodle-alley", "面巷", "Noodle Alley", (("餐饮券", "Meal Voucher", sizes.MEAL, terms.VOUCHER),)),
)

_FUEL: tuple[_Row, ...] = (
    _fuel("swift-ox", "疾牛", "Swift Ox"),
    _fuel("red-kiln", "红窑", "Red Kiln"),
    _fuel("long-rut", "长辙", "Long Rut"),
    _fuel("blue-lamp", "蓝灯", "Blue Lamp"),
    _fuel("far-axle", "远轴", "Far Axle"),
)

_SOFTWARE: tuple[_Row, ...] = (
    ("ink-boat", "墨舟", "Ink Boat", (("办公套件", "Writer Suite", sizes.licences(99), terms.SOFTWARE_KEY),)),
    (
        "stone-shield",
        "石盾",
        "Stone Shield",
        (("杀毒软件", "Antivirus", sizes.licences(60), terms.SOFTWARE_KEY),),
    ),
    (
        "photo-loom",
        "影织",
        "Photo Loom",
        (("修图软件", "Photo Editor", sizes.licences(120), terms.SOFTWARE_KEY),),
    ),
    ("clay-jar", "泥罐", "Clay Jar", (("云盘", "Online Disk", sizes.licences(80), terms.SOFTWARE_KEY),)),
    (
        "quick-abacus",
        "快珠",
        "Quick Abacus",
        (("记账软件", "Bookkeeping", sizes.licences(150), terms.SOFTWARE_KEY),),
    ),
    ("mirror-keep", "镜存", "Mirror Keep", (("备份软件", "Backup", sizes.licences(70), terms.SOFTWARE_KEY),)),
    (
        "plain-draft",
        "素图",
        "Plain Draft",
        (("制图软件", "Drawing", sizes.licences(200), terms.SOFTWARE_KEY),),
    ),
    (
        "word-ferry",
        "渡语",
        "Word Ferry",
        (("翻译软件", "Translator", sizes.licences(50), terms.SOFTWARE_KEY),),
    ),
)

_VIRTUAL_ITEMS: tuple[_Row, ...] = (
    (
        "orchid-stage",
        "兰台",
        "Orchid Stage",
        (("直播币", "Live Coins", sizes.COINS, terms.COINS_BY_ACCOUNT),),
    ),
    ("maple-chat", "枫聊", "Maple Chat", (("金豆", "Gold Beans", sizes.COINS, terms.COINS_BY_NUMBER),)),
    ("dune-riders", "沙骑", "Dune Riders", (("宝石", "Gems", sizes.COINS, terms.COINS_BY_REGION),)),
    ("snow-fort", "雪寨", "Snow Fort", (("晶石", "Crystals", sizes.COINS, terms.COINS_BY_REGION),)),
    ("sparrow-nest", "雀窝", "Sparrow Nest", (("羽币", "Feathers", sizes.COINS, terms.COINS_BY_ACCOUNT),)),
    ("moon-dock", "月渡", "Moon Dock", (("月贝", "Moon Shells", sizes.COINS, terms.COINS_BY_ACCOUNT),)),
    ("cat-bureau", "猫局", "Cat Bureau", (("鱼干", "Fish Treats", sizes.COINS, terms.COINS_PIN),)),
    ("rain-garden", "雨园", "Rain Garden", (("花籽", "Seeds", sizes.COINS, terms.COINS_PIN),)),
)

_SHELVES: tuple[tuple[Category, tuple[_Row, ...]], ...] = (
    (ranges.GAMES, _GAMES),
    (ranges.PHONE, _PHONE),
    (ranges.VIDEO_MUSIC, _VIDEO_MUSIC),
    (ranges.SHOPPING_GIFT, _SHOPPING_GIFT),
    (ranges.FUEL, _FUEL),
    (ranges.SOFTWARE, _SOFTWARE),
    (ranges.VIRTUAL_ITEMS, _VIRTUAL_ITEMS),
)
