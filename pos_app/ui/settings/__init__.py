"""How this till is set up, what it is, and who works at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.ui.settings.backups.presenter import BackupsPresenter
from pos_app.ui.settings.gateways.presenter import GatewaysPresenter
from pos_app.ui.settings.presenter import SettingsDoor, SettingsPresenter
from pos_app.ui.settings.view import SettingsPageView

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session
    from pos_app.ui.widgets.page import Page
    from pos_app.ui.wording import Wording

__all__ = ["SettingsDoor", "make_page"]


def make_page(shop: Shop, run: Run, wording: Wording, session: Session, door: SettingsDoor) -> Page:
    """`door` is what `bootstrap.Front` offers: values, keep, test_print, about, and what `GatewaysDoor` names."""
    view = SettingsPageView(wording, session)
    gateways = GatewaysPresenter(shop, run, view.gateways, lambda: session.who, door)
    backups = BackupsPresenter(shop, run, view.backups, lambda: session.who, session.put_back)
    view.bind(SettingsPresenter(shop, run, view, lambda: session.who, door), gateways, backups)
    view.retranslate()
    return view
