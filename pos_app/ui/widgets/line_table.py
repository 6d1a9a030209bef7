"""The lines of a basket: name and total, then price or account, and the quantity with its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.domain.catalogue import ProductKind
from pos_app.domain.entry import phone_text
from pos_app.domain.sale import SaleLine
from pos_app.ui.theme import RADIUS, colour, font, scaled
from pos_app.ui.widgets.icons import pixmap
from pos_app.ui.wording import Wording

ROW = 84
STEP = 44
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROLE = int(Qt.ItemDataRole.UserRole)
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Places:
    """Where the parts of a row lie; `less`, `number` and `more` are the quantity's."""

    remove: QRect
    more: QRect
    number: QRect
    less: QRect


def places(row: QRect) -> Places:
    """From the row's rectangle, the same for painting and for the finger."""
    side = scaled(STEP)
    top = row.bottom() - side - scaled(2)
    right = row.right() - scaled(4)
    remove = QRect(right - side, top, side, side)
    more = QRect(remove.left() - side, top, side, side)
    number = QRect(more.left() - side, top, side, side)
    return Places(remove, more, number, QRect(number.left() - side, top, side, side))


class _Lines(QAbstractListModel):
    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        self.lines: tuple[SaleLine, ...] = ()

    def put(self, lines: tuple[SaleLine, ...]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = ROLE) -> Any:
        inside = role == ROLE and 0 <= index.row() < len(self.lines)
        return self.lines[index.row()] if inside else None


class LineTable(QListView):
    """Says what the finger asked of a line: `chosen`, `stepped` by +1 or -1, `quantity_asked`, `removed` (line ids)."""

    chosen = Signal(str)
    stepped = Signal(str, int)
    quantity_asked = Signal(str)
    removed = Signal(str)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "lines")
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.selected: str | None = None
        self.marked: frozenset[str] = frozenset()
        self.is_fixed = False
        self.setItemDelegate(_LineDelegate(wording, self))
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def put(self, lines: tuple[SaleLine, ...], selected: str | None, marked: frozenset[str]) -> None:
        """The lines, the one that keys act on, and the product ids whose price has changed."""
        if lines != self._lines.lines:
            self._lines.put(lines)
        self.selected, self.marked = selected, marked
        rows = [number for number, line in enumerate(lines) if line.line_id == selected]
        if rows:
            self.scrollTo(self._lines.index(rows[0]))
        self.viewport().update()

    def fix(self, is_fixed: bool) -> None:
        """While a sale is being paid its lines cannot be changed."""
        self.is_fixed = is_fixed
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        line = index.data(ROLE) if index.isValid() else None
        if not isinstance(line, SaleLine) or self.is_fixed:
            return
        spot, where = event.position().toPoint(), places(self.visualRect(index))
        if where.remove.contains(spot):
            self.removed.emit(line.line_id)
        elif line.product.kind is ProductKind.TOP_UP:
            self.chosen.emit(line.line_id)
        elif where.more.contains(spot):
            self.stepped.emit(line.line_id, 1)
        elif where.less.contains(spot):
            self.stepped.emit(line.line_id, -1)
        elif where.number.contains(spot):
            self.quantity_asked.emit(line.line_id)
        else:
            self.chosen.emit(line.line_id)


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, wording: Wording, parent: LineTable) -> None:
        super().__init__(parent)
        self._wording, self._list = wording, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(scaled(200), scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(ROLE)
        if not isinstance(line, SaleLine):
            return
        row: QRect = option.rect  # type: ignore[attr-defined]  # a field that the stubs do not know
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if line.line_id == self._list.selected and not self._list.is_fixed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_ground"))
            painter.drawRoundedRect(row.adjusted(0, 2, 0, -2), scaled(RADIUS), scaled(RADIUS))
        self._paint_first(painter, row, line)
        self._paint_second(painter, row, line)
        painter.restore()

    def _paint_first(self, painter: QPainter, row: QRect, line: SaleLine) -> None:
        total = self._wording.figure(line.total)
        wide = QFontMetrics(font(18, is_bold=True)).horizontalAdvance(total)
        top = row.adjusted(scaled(12), scaled(4), -scaled(14), -scaled(48))
        painter.setPen(colour("ink"))
        painter.setFont(font(18, is_bold=True))
        painter.drawText(top, RIGHT, total)
        painter.setFont(font(15))
        room = top.width() - wide - scaled(12)
        name = self._wording.name(line.product.names)
        words = QFontMetrics(font(15)).elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(top, LEFT, words)

    def _paint_second(self, painter: QPainter, row: QRect, line: SaleLine) -> None:
        where = places(row)
        is_top_up = line.product.kind is ProductKind.TOP_UP
        below = QRect(row.left() + scaled(12), where.remove.top(), 0, where.remove.height())
        below.setRight((where.remove if is_top_up else where.less).left() - scaled(4))
        painter.setFont(font(13))
        painter.setPen(colour("second"))
        text = self._wording.money(line.price)
        if is_top_up:
            painter.setFont(font(18))
            painter.setPen(colour("ink"))
            text = account_text(line.account or "")
        if line.product.id in self._list.marked:
            painter.setPen(colour("warn"))
            text = QCoreApplication.translate("LineTable", "new price {money}").format(money=text)
        painter.drawText(below, LEFT, text)
        if self._list.is_fixed:
            painter.setPen(colour("second"))
            painter.setFont(font(15))
            if not is_top_up:
                spot = where.remove.adjusted(0, 0, -scaled(10), 0)
                painter.drawText(spot, RIGHT, f"\u00d7 {line.quantity}")
            return
        self._paint_icon(painter, where.remove, "close")
        if not is_top_up:
            self._paint_quantity(painter, where, line.quantity)

    def _paint_quantity(self, painter: QPainter, where: Places, quantity: int) -> None:
        box = where.less.united(where.more).adjusted(0, scaled(4), 0, -scaled(4))
        painter.setPen(QPen(colour("hairline"), 1))
        painter.setBrush(colour("card"))
        painter.drawRoundedRect(box, scaled(RADIUS), scaled(RADIUS))
        painter.setPen(colour("ink"))
        painter.setFont(font(18))
        painter.drawText(where.less, Qt.AlignmentFlag.AlignCenter, "\u2212")
        painter.drawText(where.more, Qt.AlignmentFlag.AlignCenter, "+")
        painter.setFont(font(18, is_bold=True))
        painter.drawText(where.number, Qt.AlignmentFlag.AlignCenter, str(quantity))

    def _paint_icon(self, painter: QPainter, spot: QRect, name: str) -> None:
        side = scaled(18)
        picture = pixmap(name, side, colour("second"), self._list.devicePixelRatioF())
        painter.drawPixmap(spot.center().x() - side // 2, spot.center().y() - side // 2, picture)


def account_text(account: str) -> str:
    """A mobile number 3-4-4, any other account as it is."""
    is_mobile = len(account) == 11 and account.isascii() and account.isdigit() and account.startswith("1")
    return phone_text(account) if is_mobile else account
