"""A grid of products for fingers and eyes: a colour block with letters, the name, the face value, a word when stock is short."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.domain.catalogue import Product
from pos_app.ui.theme import RADIUS, RADIUS_CARD, colour, font, scaled
from pos_app.ui.widgets.products import ProductModel, product_at
from pos_app.ui.wording import Wording

TILE = (168, 112)
GAP = 12
# White letters stand on each of these with 4.5:1 or more.
BLOCKS = (
    "#2F5FB3",
    "#8A3FA0",
    "#A8442A",
    "#1F7A5C",
    "#5B4BC4",
    "#9C2F63",
    "#2A6F8F",
    "#6B5A1E",
    "#4C6A2D",
    "#7A4A3A",
)

Index = QModelIndex | QPersistentModelIndex


def letters(product: Product, wording: Wording) -> str:
    """Two letters from the brand's name, never a logo."""
    name = wording.name(product.brand.names).strip()
    if name[:1].isascii():
        words = [word for word in name.replace("-", " ").split() if word]
        return (words[0][0] + words[1][0] if len(words) > 1 else name[:2]).upper()
    return name[:2]


def block_colour(product: Product) -> QColor:
    """The same brand has the same colour on every till and in every run."""
    return QColor(BLOCKS[sum(product.brand.id.encode()) % len(BLOCKS)])


class ProductTiles(QListView):
    """Says `picked(product)`. Takes no focus: the entry keeps it."""

    picked = Signal(object)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "grid")
        self._products = ProductModel(self)
        self._delegate = _TileDelegate(wording, self)
        self.setModel(self._products)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)

    def put(self, products: Sequence[Product], held: Mapping[str, int] | None = None) -> None:
        """`held`: while the line is down, how many of each product id can be sold all the same."""
        if self._products.put(products):
            self.scrollToTop()
        if held != self._delegate.held:
            self._delegate.held = held
            self.viewport().update()

    @property
    def products(self) -> tuple[Product, ...]:
        return self._products.products

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.measure()
        super().resizeEvent(event)

    def measure(self) -> None:
        """As many tiles beside each other as fit, then as wide as they can be."""
        # The bar is counted whether it shows or not, so that nothing moves when it comes.
        room = self.width() - scaled(10) - 2
        columns = max(1, room // scaled(TILE[0] + GAP))
        size = QSize(room // columns, scaled(TILE[1] + GAP))
        if size != self.gridSize():
            self._delegate.size = size
            self.setGridSize(size)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        product = product_at(self.indexAt(event.position().toPoint()))
        if product is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(product)


class _TileDelegate(QStyledItemDelegate):
    def __init__(self, wording: Wording, parent: QListView) -> None:
        super().__init__(parent)
        self._wording = wording
        self.held: Mapping[str, int] | None = None
        self.size = QSize(scaled(TILE[0]), scaled(TILE[1]))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        product = product_at(index)
        if product is None:
            return
        rect: QRect = option.rect  # type: ignore[attr-defined]  # a field that the stubs do not know
        state = option.state  # type: ignore[attr-defined]
        box = rect.adjusted(0, 0, -scaled(GAP), -scaled(GAP))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_over = bool(state & QStyle.StateFlag.State_MouseOver) and not self._is_out(product)
        painter.setPen(QPen(colour("accent" if is_over else "hairline"), 1))
        painter.setBrush(colour("card"))
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), scaled(RADIUS_CARD), scaled(RADIUS_CARD))
        self._paint_block(painter, box, product)
        self._paint_name(painter, box, product, has_key=index.row() < 9)
        self._paint_face(painter, box, product)
        self._paint_foot(painter, box, product)
        if index.row() < 9:
            self._paint_key(painter, box, str(index.row() + 1))
        painter.restore()

    def _paint_block(self, painter: QPainter, box: QRect, product: Product) -> None:
        side = scaled(40)
        block = QRect(box.left() + scaled(12), box.top() + scaled(12), side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("edge") if self._is_out(product) else block_colour(product))
        painter.drawRoundedRect(block, scaled(RADIUS), scaled(RADIUS))
        painter.setPen(QColor("#FFFFFF"))
        painter.setFont(font(15, is_bold=True))
        painter.drawText(block, Qt.AlignmentFlag.AlignCenter, letters(product, self._wording))

    def _paint_name(self, painter: QPainter, box: QRect, product: Product, has_key: bool) -> None:
        left, right, height = box.left() + scaled(62), box.right() - scaled(8), scaled(21)
        painter.setPen(colour("second" if self._is_out(product) else "ink"))
        painter.setFont(font(15))
        widths = (right - left - (scaled(20) if has_key else 0), right - left)
        lines = two_lines(short_name(product, self._wording), QFontMetrics(font(15)), *widths)
        top = box.top() + scaled(10) + (0 if len(lines) == 2 else height // 2)
        for number, line in enumerate(lines):
            spot = QRect(left, top + number * height, right - left, height)
            painter.drawText(spot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)

    def _paint_face(self, painter: QPainter, box: QRect, product: Product) -> None:
        figure, sign = self._wording.face(product.face), self._wording.sign(product.face)
        big, small = font(24, is_bold=True), font(15)
        wide = QFontMetrics(big).horizontalAdvance(figure)
        base = box.bottom() - scaled(16)
        right = box.right() - scaled(14)
        painter.setPen(colour("second" if self._is_out(product) else "ink"))
        painter.setFont(big)
        painter.drawText(right - wide, base, figure)
        painter.setFont(small)
        painter.drawText(right - wide - QFontMetrics(small).horizontalAdvance(sign) - scaled(2), base, sign)

    def _paint_foot(self, painter: QPainter, box: QRect, product: Product) -> None:
        """Bottom left: out, low, or the price where it is not the face value; what is held while the line is down."""
        base = box.bottom() - scaled(17)
        left = box.left() + scaled(14)
        painter.setFont(font(13))
        if self.held is not None:
            if not self._is_out(product):
                self._paint_dot(painter, left, base, "ok", held_word(self.held[product.id]))
        elif product.is_sold_out or product.is_low:
            self._paint_dot(
                painter, left, base, "danger" if product.is_sold_out else "warn", stock_word(product)
            )
        elif product.price != product.face:
            painter.setPen(colour("second"))
            painter.drawText(left, base, self._wording.money(product.price))

    def _is_out(self, product: Product) -> bool:
        """It cannot be sold now."""
        return product.is_sold_out if self.held is None else not self.held.get(product.id)

    def _paint_dot(self, painter: QPainter, left: int, base: int, tone: str, word: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tone))
        dot = scaled(8)
        painter.drawEllipse(left, base - dot, dot, dot)
        painter.setPen(colour(tone))
        painter.drawText(left + dot + scaled(6), base, word)

    def _paint_key(self, painter: QPainter, box: QRect, key: str) -> None:
        side = scaled(18)
        spot = QRect(box.right() - side - scaled(7), box.top() + scaled(7), side, side)
        painter.setPen(QPen(colour("hairline"), 1))
        painter.setBrush(colour("sunken"))
        painter.drawRoundedRect(spot, scaled(4), scaled(4))
        painter.setPen(colour("second"))
        painter.setFont(font(12))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, key)


def stock_word(product: Product) -> str:
    """The word beside the dot; empty when there is plenty."""
    from PySide6.QtCore import QCoreApplication

    if product.is_sold_out:
        return QCoreApplication.translate("ProductTiles", "sold out")
    if product.is_low:
        return QCoreApplication.translate("ProductTiles", "{n} left").format(n=product.stock)
    return ""


def held_word(count: int) -> str:
    """How many can be sold while the line is down."""
    from PySide6.QtCore import QCoreApplication

    return QCoreApplication.translate("ProductTiles", "{n} here").format(n=count)


def short_name(product: Product, wording: Wording) -> str:
    """The name without the face value at its end: it stands in large type just below."""
    name = wording.name(product.names)
    unit = r"\s*(\u5143|yuan)?$"
    short = re.sub(r"\s*" + re.escape(wording.face(product.face)) + unit, "", name)
    return short or name


def two_lines(text: str, metrics: QFontMetrics, first: int, second: int) -> list[str]:
    """A name on at most two lines of these widths, broken at a space where there is one, shortened when it must be."""
    if metrics.horizontalAdvance(text) <= first:
        return [text]
    fits = max((n for n in range(1, len(text)) if metrics.horizontalAdvance(text[:n]) <= first), default=1)
    space = text.rfind(" ", 0, fits + 1)
    cut = space if space > fits // 3 else fits
    rest = text[cut:].lstrip()
    return [text[:cut].rstrip(), metrics.elidedText(rest, Qt.TextElideMode.ElideRight, second)]
