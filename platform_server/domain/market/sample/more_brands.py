"""Invents brands without end from pairs of words, for markets larger than the written one."""

from collections.abc import Iterator

from platform_server.domain.goods import Brand, Names
from platform_server.domain.market.sample import sizes, terms
from platform_server.domain.market.sample.ranges import CATEGORIES, Range

_FIRST = (
    "星辰 Star,青峰 Greenpeak,云岭 Cloudridge,赤霞 Redglow,银杏 Ginkgo,墨竹 Inkbamboo,白露 Whitedew,"
    "金穗 Goldear,紫藤 Wisteria,蓝湾 Bluebay,翠谷 Jadevale,霜叶 Frostleaf,暖阳 Warmsun,清泉 Clearspring,"
    "烟雨 Mistrain,碧波 Bluewave,流萤 Glowfly,飞雪 Flysnow,晨钟 Dawnbell,暮鼓 Duskdrum,松涛 Pinewind,"
    "梅影 Plumshade,兰舟 Orchidboat,菊圃 Mumfield,荷塘 Lotuspond,柳岸 Willowbank,桃源 Peachvale,"
    "杏林 Apricot,枫桥 Maplebridge,桂苑 Osmanthus,石桥 Stonebridge,木屋 Woodhut,竹篱 Bamboofence,"
    "瓦舍 Tilehouse,砚田 Inkfield,弦台 Lutestage,棋盘 Chessboard,书阁 Bookloft,画舫 Painted,"
    "诗廊 Poemhall,北辰 Northstar,南屏 Southscreen,东篱 Eastfence,西窗 Westwindow,中流 Midstream,"
    "远山 Farhill,近水 Nearwater,高原 Highland,深海 Deepsea,浅滩 Shoal,长风 Longwind,短笛 Shortflute,"
    "大漠 Desert,小满 Grainbud,初晴 Firstclear,新月 Newmoon,古渡 Oldferry,老街 Oldstreet,夜航 Nightsail,"
    "晓雾 Dawnfog,春耕 Springplough,夏蝉 Cicada,秋实 Autumnfruit,冬青 Holly,甘露 Sweetdew,微澜 Ripple,"
    "静湖 Stillake,奔马 Runhorse,归雁 Homegoose,游鱼 Swimfish,鸣鹿 Calldeer,灵狐 Cleverfox"
)
_SECOND = (
    "方洲 Isle,远征 Quest,传奇 Legend,物语 Tale,王朝 Realm,秘境 Hollow,学院 Academy,工坊 Works,乐园 Park,"
    "部落 Tribe,驿站 Relay,码头 Dock,岸灯 Shorelight,果园 Orchard,牧场 Ranch,花园 Garden,集市 Market,"
    "茶馆 Teahouse,戏台 Stage,书院 College,船队 Fleet,车队 Convoy,骑士 Rider,侠客 Wanderer,匠人 Maker,"
    "渔夫 Fisher,猎手 Hunter,牧童 Herder,画师 Painter,乐师 Player,迷宫 Maze,城堡 Castle,岛屿 Island,"
    "峡谷 Canyon,雪原 Snowfield,沙泉 Sandspring,森林 Forest,草原 Prairie,火山 Volcano,瀑布 Falls,"
    "星球 Planet,轨道 Orbit,彗星 Comet,银盘 Disc,光年 Lightyear,航线 Route,罗盘 Compass,风帆 Sail,"
    "船锚 Anchor,浪花 Spray,宝箱 Chest,钥环 Keyring,铜镜 Mirror,玉佩 Pendant,纸伞 Umbrella,风筝 Kite,"
    "灯笼 Lantern,鼓手 Drummer,铃铛 Bell,陶罐 Jar,甲虫 Beetle,蜻蜓 Dragonfly,锦鲤 Koi,白鹭 Egret,"
    "松鼠 Squirrel,刺猬 Hedgehog,海豚 Dolphin,海雀 Puffin,斑马 Zebra,驯鹿 Reindeer,山猫 Lynx,水獭 Otter"
)

# What a brand of each category offers, in the order of CATEGORIES; phone top-ups are for real carriers only.
_OFFERS = (
    (
        ("点券", "Points", sizes.GAME_LONG, terms.GAME_CARD),
        ("金币", "Coins", sizes.GAME_LONG, terms.GAME_PIN),
        ("战令", "Season Pass", sizes.membership(28)[:3], terms.GAME_PASS),
    ),
    (
        ("境外流量", "Travel Data", sizes.data(6), terms.TRAVEL_DATA),
        ("漫游流量", "Roaming Data", sizes.data(9), terms.TRAVEL_DATA),
    ),
    (
        ("视频会员", "Video", sizes.membership(20), terms.MEMBERSHIP),
        ("音乐会员", "Music", sizes.membership(15), terms.MEMBERSHIP),
        ("听书会员", "Audiobooks", sizes.membership(12), terms.MEMBERSHIP_LINK),
    ),
    (
        ("购物卡", "Shopping Card", sizes.SHOPPING_LONG, terms.GIFT_CARD),
        ("餐饮券", "Meal Voucher", sizes.MEAL, terms.VOUCHER),
    ),
    (
        ("加油卡", "Fuel Card", sizes.FUEL_LONG, terms.FUEL_CARD),
        ("油卡直充", "Fuel Top-up", sizes.FUEL, terms.FUEL_TOP_UP),
    ),
    (
        ("办公套件", "Writer Suite", sizes.licences(90), terms.SOFTWARE_KEY),
        ("修图软件", "Photo Editor", sizes.licences(110), terms.SOFTWARE_KEY),
        ("备份软件", "Backup", sizes.licences(60), terms.SOFTWARE_KEY),
    ),
    (
        ("宝石", "Gems", sizes.COINS_LONG, terms.COINS_BY_ACCOUNT),
        ("礼包", "Bundle", sizes.COINS_LONG, terms.COINS_PIN),
    ),
)


def more_ranges() -> Iterator[Range]:
    """Ranges of ever new brands, one brand after the other, taking turns among the categories."""
    firsts, seconds = _words(_FIRST), _words(_SECOND)
    turn = 0
    for step in range(len(seconds)):
        for place, first in enumerate(firsts):
            # along the diagonals, so that neighbours share no word
            yield from _offers_of(
                _joined(first, seconds[(place + step) % len(seconds)]), turn % len(CATEGORIES)
            )
            turn += 1


def _offers_of(brand: Brand, shelf: int) -> Iterator[Range]:
    for zh, en, goods_sizes, goods_terms in _OFFERS[shelf]:
        yield Range(brand, CATEGORIES[shelf], Names(zh, en), goods_sizes, goods_terms)


def _words(text: str) -> tuple[Names, ...]:
    return tuple(Names(*pair.split(" ")) for pair in text.split(","))


def _joined(first: Names, second: Names) -> Brand:
    brand_id = f"{first.en}-{second.en}".lower()
    return Brand(brand_id, Names(first.zh + second.zh, f"{first.en} {second.en}"))
