"""Brings the settings' payment part to the moments that are worth a picture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from PySide6.QtWidgets import QApplication, QWidget

from pos_app.domain.gateway import Standing
from pos_app.ui import settings
from pos_app.ui.rail import Rail
from pos_app.ui.settings.view import SettingsPageView
from pos_app.ui.theme import Look
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_gateway import FakeGateway, FakeGateways
from tests.payments.counter import wire
from tests.ui.screens_two import ScreenDoor, Stage, _ground, _put, make_stage

CODE = "134567890123456789"


@cache
def filled(practice: str) -> dict[str, str]:
    """What a shop would have filled in; made once, for keys take time."""
    return dict(wire(practice, FakeClock()).keys.fields)


def set_up(door: ScreenDoor, *names: str) -> None:
    """These are filled in and switched on."""
    for name in names:
        door.keep_gateway(name, filled(name) | {"address": ""})
    door.choose_gateways(names)


class Scene:
    """The settings page at the payment part, with a door in memory."""

    def __init__(self, stage: Stage, ground: QWidget, *on: str) -> None:
        self.stage, self.door = stage, ScreenDoor()
        set_up(self.door, *on)
        names = ("wechat", "alipay", "shouqianba", "lakala")
        self.all = FakeGateways(*(FakeGateway(stage.fake.clock, name) for name in names))
        stage.fake.gateways = self.all
        stage.fake.restarted()
        shop = stage.fake.shop
        page = settings.make_page(shop, stage.run, stage.wording, stage.session, self.door)
        assert isinstance(page, SettingsPageView)
        self.page = page
        _put(ground, page)
        page.open_panel("payment")

    def open(self, name: str) -> None:
        self.page.gateways.row_of(name).open.click()

    def to_the_end(self) -> None:
        for _ in range(4):
            QApplication.processEvents()
        bar = self.page._parts["payment"].verticalScrollBar()  # type: ignore[attr-defined]
        bar.setValue(bar.maximum())


def _none(scene: Scene) -> None:
    """Nothing is set up yet."""


def _kept(scene: Scene) -> None:
    scene.open("wechat")
    scene.page.gateways.keep.click()
    scene.to_the_end()


def _refused(scene: Scene) -> None:
    scene.open("alipay")
    form = scene.page.gateways.form
    form.rows["private_key"]._begin_again()
    assert form.rows["private_key"].many is not None
    form.rows["private_key"].many.setPlainText("-----BEGIN PRIVATE KEY-----\nMIIEvQ")
    scene.page.gateways.keep.click()


def _trial(scene: Scene) -> None:
    scene.all.all[0].next_course = Standing.WAITING
    scene.open("wechat")
    scene.page.gateways.presenter.scanned(CODE)
    scene.to_the_end()


def _proved(scene: Scene) -> None:
    scene.open("wechat")
    scene.page.gateways.presenter.scanned(CODE)
    scene.page.gateways.presenter.tick()
    scene.to_the_end()


SCENES = {
    "settings_payment": (_none, ()),
    "settings_payment_kept": (_kept, ("wechat", "alipay", "shouqianba")),
    "settings_payment_refused": (_refused, ("wechat", "alipay")),
    "settings_payment_trial": (_trial, ("wechat", "alipay", "shouqianba")),
    "settings_payment_proved": (_proved, ("wechat", "alipay", "shouqianba")),
}


def screens(language: str, look: Look, size: tuple[int, int]) -> Iterator[tuple[str, QWidget]]:
    """Name and widget, shown and ready to be grabbed; the look and the language are on already."""
    for name, (bring, on) in SCENES.items():
        stage = make_stage(language, look, is_busy=False)
        rail = Rail(stage.wording)
        ground = _ground(rail)
        ground.resize(*size)
        scene = Scene(stage, ground, *on)
        bring(scene)
        who = stage.session.cashier
        assert who is not None
        rail.put(who)
        rail.mark("settings")
        for _ in range(4):
            QApplication.processEvents()
        yield name, ground
        scene.page.hide()
        ground.close()
