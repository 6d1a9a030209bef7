"""The day by hour: quiet bars, a few round lines, the figure on the best hour; drawn by pyqtgraph, which loads late."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from pos_app.domain.money import EXPONENTS, Money
from pos_app.ui.run import Lane, Run
from pos_app.ui.theme import colour, font, scaled
from pos_app.ui.wording import Wording

LEAST_HOURS = (9, 20)  # a quiet day still looks like a day
ROUND = (1, 2, 5)
LINES = 4


class HourChart(QWidget):
    """`put` draws 24 sums; only the hours with sales, and those of a usual day, are shown."""

    def __init__(self, wording: Wording, run: Run) -> None:
        super().__init__()
        self._wording, self._run = wording, run
        self._library: Any = None
        self._by_hour: tuple[Money, ...] = ()
        self._plot: Any = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # nothing to zoom or drag

    def put(self, by_hour: tuple[Money, ...]) -> None:
        if by_hour == self._by_hour:
            return
        self._by_hour = by_hour
        if self._library is None:
            # Half a second with numpy: on a lane, for the window never waits. It makes no Qt object when imported.
            self._run(Lane.STORE, _library, self._loaded, lambda _: None)
        else:
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange) and self._plot is not None:
            self._draw()

    def _loaded(self, library: Any) -> None:
        self._library = library
        self._draw()

    def _draw(self) -> None:
        pyqtgraph = self._library
        if self._plot is None:
            pyqtgraph.setConfigOptions(antialias=True)
            self._plot = pyqtgraph.PlotWidget()
            self._plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._layout.addWidget(self._plot)
        plot = self._plot
        plot.clear()
        plot.setBackground(colour("card"))
        plot.setFrameStyle(0)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        first, last = self._hours()
        unit = 10 ** EXPONENTS.get(self._by_hour[0].currency, 2)
        top = max((money.minor for money in self._by_hour), default=0)
        step = _round_step(top, unit)
        self._axes(plot, first, last, step)
        hours = list(range(first, last + 1))
        # Only the height of a bar is a fraction of money; no sum is ever counted with it.
        heights = [max(self._by_hour[hour].minor, 0) / unit for hour in hours]
        bars = pyqtgraph.BarGraphItem(
            x=hours, height=heights, width=0.62, brush=colour("accent"), pen=pyqtgraph.mkPen(None)
        )
        plot.addItem(bars)
        if top > 0:
            best = max(hours, key=lambda hour: self._by_hour[hour].minor)
            words = pyqtgraph.TextItem(
                self._wording.money(self._by_hour[best]), color=colour("ink"), anchor=(0.5, 1)
            )
            words.setFont(_chart_font(is_bold=True))
            words.setPos(best, self._by_hour[best].minor / unit)
            plot.addItem(words)
        plot.setXRange(first - 0.6, last + 0.6, padding=0)
        plot.setYRange(0, max(top / unit, step / unit) * 1.22, padding=0)

    def _axes(self, plot: Any, first: int, last: int, step: int) -> None:
        unit = 10 ** EXPONENTS.get(self._by_hour[0].currency, 2)
        currency = self._by_hour[0].currency
        lines = [
            (number * step / unit, self._wording.face(Money(number * step, currency)))
            for number in range(1, LINES + 1)
        ]
        every = 1 if last - first <= 15 else 2
        hours = [(hour, f"{hour}:00") for hour in range(first, last + 1, every)]
        for name, ticks in (("left", lines), ("bottom", hours)):
            axis = plot.getAxis(name)
            axis.setTicks([ticks])
            axis.setTextPen(colour("second"))
            axis.setPen(colour("card" if name == "left" else "hairline"))
            axis.setTickFont(_chart_font())
            axis.setStyle(tickLength=0, tickTextOffset=scaled(8))
        plot.getAxis("left").setWidth(scaled(64))
        plot.getAxis("bottom").setHeight(scaled(28))
        for height, _ in lines:
            plot.addLine(y=height, pen={"color": colour("hairline"), "width": 1})

    def _hours(self) -> tuple[int, int]:
        with_sales = [hour for hour, money in enumerate(self._by_hour) if money.minor]
        first, last = LEAST_HOURS
        return min([first, *with_sales]), max([last, *with_sales])


def _library() -> Any:
    import pyqtgraph

    return pyqtgraph


def _round_step(top: int, unit: int) -> int:
    """A round sum in minor units, so that LINES of it reach the top."""
    size = unit
    while True:
        for digit in ROUND:
            if digit * size * LINES >= top:
                return digit * size
        size *= 10


def _chart_font(*, is_bold: bool = False) -> QFont:
    return font(13, is_bold=is_bold)
