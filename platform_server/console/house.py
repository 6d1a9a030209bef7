"""Builds the console: starlette-admin with our pages, our templates and no script."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette_admin.base import BaseAdmin
from starlette_admin.routing import route
from starlette_admin.views import CustomView

from platform_server.console.acts.form import NO_REASON, Act
from platform_server.console.acts.page import ACTS, ActPage
from platform_server.console.desk import Desk, language_of, may
from platform_server.console.door import Door
from platform_server.console.pages import MENU, PAGES, TONES
from platform_server.console.shield import App, Shield
from platform_server.console.views import ListView
from platform_server.console.wording import ago, masked_account, money_html, plain, time_text
from platform_server.domain.money import Money
from platform_server.domain.operators import LANGUAGES
from platform_server.domain.overview import COUNTED, Noun, Row

_HERE = Path(__file__).parent
_LABELLED = (
    "kind",
    "role",
    "state",
    "printed",
    "payload",
    "return_rule",
    "risk_class",
    "goods_class",
    "card_kind",
    "claim_reason",
    "outcome",
    "what",
)
_ITSELF = {Noun.INCIDENTS: ("what",)}  # free text under a name that elsewhere is a word of ours


class Glimpse(CustomView):
    """The first page: the day, and what waits."""

    add_to_menu = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(path="/")
        self._desk = desk

    @route("")
    async def index(self, request: Request) -> Response:
        """Figures across the top, what is low below."""
        glance = await self._desk.flows.glance()
        today = self._desk.clock.now().astimezone(self._desk.zone).date().isoformat()
        if self.templates is None:
            raise RuntimeError("not mounted")
        context = {"glance": glance, "today": today, "flashed_messages": []}
        return self.templates.TemplateResponse(request, "home.html", context)


def build_console(desk: Desk) -> App:
    """ASGI for everything under /admin; importing this module does nothing."""
    door = Door(desk)
    admin = BaseAdmin(
        title="console",
        templates_dir=str(_HERE / "templates"),
        static_dir=str(_HERE / "static"),
        index_view=Glimpse(desk),
        auth_provider=door,
        secret_key=desk.cookie_key,
        timezone_config=None,
    )
    for page in PAGES.values():
        admin.add_view(ListView(desk, page))
    admin.add_view(ActPage(desk))
    admin.routes.append(Mount("/fonts", StaticFiles(directory=desk.fonts), name="fonts"))
    _furnish(admin.templates.env, desk)
    outside = Starlette()
    admin.mount_to(outside)
    return Shield(outside, desk.clock, door.is_known)


def _furnish(env: jinja2.Environment, desk: Desk) -> None:
    """What the templates may call."""

    @jinja2.pass_context
    def say(context: Any, key: str, **facts: object) -> str:
        return desk.words.say(language_of(context["request"]), key, **facts)

    @jinja2.pass_context
    def show(context: Any, row: Row, column: str, noun: str = "", is_list: bool = False) -> Markup:
        return _show(desk, context["request"], row, column, (noun, is_list))

    def doable(request: Request, keys: tuple[str, ...], row: Row | None = None) -> list[Act]:
        acts = [ACTS[key] for key in keys]
        return [act for act in acts if may(request, act.right) and (row is None or act.fits(row))]

    def menu(request: Request) -> list[tuple[str, list[str]]]:
        groups = [(name, [n.value for n in nouns if may(request, PAGES[n].right)]) for name, nouns in MENU]
        return [(name, nouns) for name, nouns in groups if nouns]

    def link(path: str, **query: object) -> str:
        kept = {key: value for key, value in query.items() if value not in ("", None)}
        return path + ("?" + urlencode(kept) if kept else "")

    tools = {
        "say": say,
        "show": show,
        "doable": doable,
        "menu": menu,
        "link": link,
        "language_of": language_of,
        "may_see": lambda request, noun: may(request, PAGES[Noun(noun)].right),
        "pages": {noun.value: page for noun, page in PAGES.items()},
        "languages": LANGUAGES,
        "counted": COUNTED,
        "money": money_html,
    }
    env.globals.update(tools)


def _show(desk: Desk, request: Request, row: Row, column: str, where: tuple[str, bool]) -> Markup:
    """One cell of a row as it is read."""
    noun, is_list = where
    language = language_of(request)
    if column in ("name", "brand", "category") and f"{column}_{language}" in row.cells:
        column = f"{column}_{language}"
    cell = row.cells.get(column)
    if cell is None:
        return Markup("")
    if isinstance(cell, Money):
        return money_html(cell)
    if isinstance(cell, datetime):
        exact = time_text(cell, desk.zone)
        told = ago(cell, desk.clock.now(), desk.words, language) or exact[:16]
        text = told if is_list else exact
        return Markup('<time title="{}" datetime="{}">{}</time>').format(exact, cell.isoformat(), text)
    if isinstance(cell, bool):
        return plain(desk.words.say(language, "yes" if cell else "no"))
    if column == "reference":  # the books put the shop before it, to keep one shop's from another's
        return plain(str(cell).removeprefix(f"{row.cells.get('shop_id')}:"))
    if (column, cell) in (("reason", NO_REASON), ("detail", "{}")):
        return Markup("")
    if column == "account" and is_list:
        return plain(masked_account(str(cell)))
    if column == "stock" and str(row.cells.get("kind")) == "top_up":
        return plain(desk.words.say(language, "stock.open" if cell else "stock.closed"))
    is_word = column in _LABELLED and column not in (_ITSELF.get(Noun(noun), ()) if noun else ())
    key = f"{column}.{cell}"
    text = desk.words.say(language, key) if is_word and desk.words.has(language, key) else str(cell)
    if column == "state":
        return Markup('<span class="state {}">{}</span>').format(TONES.get(str(cell), "rest"), text)
    return plain(text)
