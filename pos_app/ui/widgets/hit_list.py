"""What was found, best first: one row a product, the row that Enter takes marked, digits on the first nine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.domain.catalogue import Product
from pos_app.ui.theme import RADIUS, colour, font, scaled
from pos_app.ui.widgets.product_tiles import block_colour, letters, stock_word
from pos_app.ui.widgets.products import ProductModel, product_at
from pos_app.ui.wording import Wording

ROW = 56
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HitList(QListView):
    """Says `picked(product)`. Takes no focus."""

    picked = Signal(object)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "grid")
        self._products = ProductModel(self)
        self.setModel(self._products)
        self.marked = 0
        self.setItemDelegate(_HitDelegate(wording, self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def put(self, products: Sequence[Product], marked: int) -> None:
        """The rows, and which one Enter takes."""
        self._products.put(products)
        self.marked = marked
        self.scrollTo(self._products.index(marked))
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        product = product_at(self.indexAt(event.position().toPoint()))
        if product is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(product)


class _HitDelegate(QStyledItemDelegate):
    def __init__(self, wording: Wording, parent: HitList) -> None:
        super().__init__(parent)
        self._wording, self._list = wording, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(scaled(200), scaled(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        product = product_at(index)
        if product is None:
            return
        box: QRect = option.rect.adjusted(0, 0, -scaled(12), -scaled(4))  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_marked = index.row() == self._list.marked
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent_ground" if is_marked else "card"))
        painter.drawRoundedRect(box, scaled(RADIUS), scaled(RADIUS))
        self._paint_key(painter, box, index.row())
        self._paint_block(painter, box, product)
        self._paint_words(painter, box, product)
        painter.restore()

    def _paint_key(self, painter: QPainter, box: QRect, number: int) -> None:
        side = scaled(22)
        spot = QRect(box.left() + scaled(10), box.center().y() - side // 2, side, side)
        text = "\u21b5" if number == self._list.marked else str(number + 1) if number < 9 else ""
        if text:
            painter.setPen(colour("hairline"))
            painter.setBrush(colour("sunken"))
            painter.drawRoundedRect(spot, scaled(4), scaled(4))
            painter.setPen(colour("second"))
            painter.setFont(font(13))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_block(self, painter: QPainter, box: QRect, product: Product) -> None:
        side = scaled(36)
        spot = QRect(box.left() + scaled(42), box.center().y() - side // 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("edge") if product.is_sold_out else block_colour(product))
        painter.drawRoundedRect(spot, scaled(RADIUS), scaled(RADIUS))
        painter.setPen(QColor("#FFFFFF"))
        painter.setFont(font(13, is_bold=True))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, letters(product, self._wording))

    def _paint_words(self, painter: QPainter, box: QRect, product: Product) -> None:
        price = box.adjusted(box.width() - scaled(130), 0, -scaled(14), 0)
        stock = box.adjusted(box.width() - scaled(200), 0, -scaled(120), 0)
        right = scaled(205) if stock_word(product) else scaled(125)
        name = box.adjusted(scaled(90), scaled(5), -right, -box.height() // 2 + scaled(2))
        kind = box.adjusted(scaled(90), box.height() // 2, -right, -scaled(4))
        painter.setPen(colour("ink"))
        painter.setFont(font(18, is_bold=True))
        painter.drawText(price, RIGHT, self._wording.money(product.price))
        painter.setFont(font(13))
        painter.setPen(colour("danger" if product.is_sold_out else "warn"))
        painter.drawText(stock, RIGHT, stock_word(product))
        painter.setPen(colour("ink"))
        painter.setFont(font(15))
        words = QFontMetrics(font(15)).elidedText(
            self._wording.name(product.names), Qt.TextElideMode.ElideRight, name.width()
        )
        painter.drawText(name, LEFT, words)
        painter.setPen(colour("second"))
        painter.setFont(font(13))
        brand, category = self._wording.name(product.brand.names), self._wording.name(product.category.names)
        words = f"{category} \u00b7 {brand}"
        painter.drawText(
            kind, LEFT, QFontMetrics(font(13)).elidedText(words, Qt.TextElideMode.ElideRight, kind.width())
        )
