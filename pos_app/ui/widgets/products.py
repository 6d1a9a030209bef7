"""Products as a model for Qt's views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pos_app.domain.catalogue import Product

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROLE = int(Qt.ItemDataRole.UserRole)


class ProductModel(QAbstractListModel):
    """Hands whole products to the delegates."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.products: tuple[Product, ...] = ()

    def put(self, products: Sequence[Product]) -> bool:
        """True when there was something to change."""
        wanted = tuple(products)
        if wanted == self.products:
            return False
        self.beginResetModel()
        self.products = wanted
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.products)

    def data(self, index: Index, role: int = ROLE) -> Any:
        if role != ROLE or not 0 <= index.row() < len(self.products):
            return None
        return self.products[index.row()]


def product_at(index: Index) -> Product | None:
    """The product of an index, None beside the rows."""
    found = index.data(ROLE) if index.isValid() else None
    return found if isinstance(found, Product) else None
