"""The shelves of the market and what stands on them: a range is one brand's goods in several sizes."""

from dataclasses import dataclass

from platform_server.domain.goods import Brand, Category, Names
from platform_server.domain.market.sample.sizes import Size
from platform_server.domain.market.sample.terms import Terms

GAMES = Category("games", Names("游戏点卡", "Games"))
PHONE = Category("phone", Names("手机充值", "Phone"))
VIDEO_MUSIC = Category("video-music", Names("影音会员", "Video and music"))
SHOPPING_GIFT = Category("shopping-gift", Names("购物礼品", "Shopping and gift"))
FUEL = Category("fuel", Names("加油卡", "Fuel"))
SOFTWARE = Category("software", Names("软件激活", "Software"))
VIRTUAL_ITEMS = Category("virtual-items", Names("虚拟物品", "Virtual items"))

CATEGORIES = (GAMES, PHONE, VIDEO_MUSIC, SHOPPING_GIFT, FUEL, SOFTWARE, VIRTUAL_ITEMS)


@dataclass(frozen=True, slots=True)
class Range:
    """The same goods of one brand, e.g. Galaxy Points, in all their sizes."""

    brand: Brand
    category: Category
    goods: Names
    sizes: tuple[Size, ...]
    terms: Terms

    def name(self, size: Size) -> Names:
        """What the cashier reads and searches."""
        return Names(
            f"{self.brand.names.zh}{self.goods.zh} {size.names.zh}",
            f"{self.brand.names.en} {self.goods.en} {size.names.en}",
        )
