"""The page of an act: its form, a fresh one-time code where it is dangerous, its record, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.flash import flash
from starlette_admin.routing import route
from starlette_admin.views import CustomView

from platform_server.console.acts.claims import CLAIM_ACTS
from platform_server.console.acts.form import NO_REASON, Act, Doing, FormFault, Told, read_fields
from platform_server.console.acts.goods import GOODS_ACTS
from platform_server.console.acts.imports import IMPORT_ACTS
from platform_server.console.acts.people import PEOPLE_ACTS
from platform_server.console.acts.shops import SHOP_ACTS
from platform_server.console.acts.suppliers import SUPPLIER_ACTS
from platform_server.console.desk import Desk, admission_of, language_of
from platform_server.console.pictures import qr_picture
from platform_server.console.uploads import uploads_of
from platform_server.domain.actions import Authority
from platform_server.domain.errors import Collided, Forbidden, NotAdmitted, NotFound, Refused
from platform_server.domain.operators import STEP_UP
from platform_server.domain.overview import Noun, Row
from platform_server.flows.sign_in import Admission, Attempt

ACTS: Mapping[str, Act] = {
    act.key: act for act in (*GOODS_ACTS, *IMPORT_ACTS, *SUPPLIER_ACTS, *CLAIM_ACTS, *SHOP_ACTS, *PEOPLE_ACTS)
}


class ActPage(CustomView):
    """One address for all acts; each checks its own right, whatever page led here."""

    path = "/do"
    add_to_menu = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    @route("")
    async def index(self, request: Request) -> Response:
        """There is nothing here by itself."""
        raise HTTPException(404)

    @route("/{act}", methods=["GET", "POST"], name="do")
    async def do(self, request: Request) -> Response:
        """The form, or the deed."""
        admission = admission_of(request)
        act = ACTS.get(request.path_params["act"])
        if act is None or admission is None:
            raise HTTPException(404)
        if not admission.operator.may(act.right):
            raise HTTPException(403)
        row = await self._row(act, request)
        if request.method == "GET":
            values = {} if act.fill is None else dict(await act.fill(self._desk, row))
            return await self._form(request, act, row, values, FormFault())
        form = await request.form()
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        uploads = uploads_of(request)
        typed |= {name: upload.name for name, upload in uploads.items()}
        try:
            values = read_fields(act, typed)
            await self._step_up(act, admission, typed)
            second = await self._second(act, request, typed)
            authority = _authority(admission.operator.name, values["reason"] or NO_REASON, second)
            doing = Doing(self._desk, authority, row, values, language_of(request), uploads)
            told = await self._do(act, doing)
        except FormFault as fault:
            return await self._form(request, act, row, typed, fault)
        if told.secrets is not None or told.report is not None:
            return self._shown(request, act, row, told)
        flash(
            request,
            self._desk.words.say(language_of(request), f"done.{told.sentence}", **told.facts),
            "success",
        )
        return RedirectResponse(_back(act, row), 303)

    async def _row(self, act: Act, request: Request) -> Row | None:
        if not act.has_subject:
            return None
        try:
            row = await self._desk.flows.look_at(act.noun, request.query_params.get("id", "")[:120])
        except NotFound:
            raise HTTPException(404) from None
        if not act.fits(row):
            raise HTTPException(409)
        return row

    async def _step_up(self, act: Act, admission: Admission, typed: Mapping[str, str]) -> None:
        if act.right not in STEP_UP or admission.session.is_stepped_up(self._desk.clock.now()):
            return
        try:
            await self._desk.door.step_up(admission, typed.get("one_time_code", "")[:20])
        except NotAdmitted:
            raise FormFault(one_time_code="fault.code") from None

    async def _second(self, act: Act, request: Request, typed: Mapping[str, str]) -> str | None:
        """The name of a second person, if one was given and is who he says."""
        if not act.takes_second or not typed.get("second_name", "").strip():
            return None
        keys = ("second_name", "second_password", "second_code")
        name, password, code = (typed.get(key, "") for key in keys)
        attempt = Attempt(name, password, code, request.headers.get("user-agent", ""))
        try:
            return await self._desk.door.vouch(attempt, act.right)
        except NotAdmitted:
            raise FormFault(second_name="fault.second") from None

    async def _do(self, act: Act, doing: Doing) -> Told:
        if act.is_noted:
            await self._desk.flows.note(
                doing.authority, act.key, _subject(act, doing.row), _told_of(act, doing)
            )
        try:
            return await act.do(doing)
        except FormFault:
            await self._desk.flows.note(doing.authority, f"{act.key}_refused", _subject(act, doing.row))
            raise
        except (Refused, Collided, ValueError) as refusal:
            code = _code_of(refusal)
            await self._desk.flows.note(doing.authority, f"{act.key}_refused", _subject(act, doing.row))
            raise FormFault(form=f"refused.{code}", said=str(refusal)) from refusal

    async def _form(
        self,
        request: Request,
        act: Act,
        row: Row | None,
        values: Mapping[str, str],
        fault: FormFault,
    ) -> Response:
        admission = admission_of(request)
        is_open = admission is not None and admission.session.is_stepped_up(self._desk.clock.now())
        context = {
            "act": act,
            "row": row,
            "values": values,
            "faults": fault.faults,
            "said": fault.said,
            "suggested": {} if act.suggest is None else await act.suggest(self._desk),
            "asks_code": act.right in STEP_UP and (not is_open or "one_time_code" in fault.faults),
            "back": _back(act, row),
        }
        return self._page(request, "act.html", context, 422 if fault.faults else 200)

    def _shown(self, request: Request, act: Act, row: Row | None, told: Told) -> Response:
        picture = None if told.qr is None else qr_picture(told.qr)
        context = {"act": act, "told": told, "picture": picture, "back": _back(act, row)}
        return self._page(request, "shown.html", context, 200)

    def _page(self, request: Request, name: str, context: dict[str, Any], status: int) -> Response:
        if self.templates is None:
            raise HTTPException(500)
        context["flashed_messages"] = []
        return self.templates.TemplateResponse(request, name, context, status_code=status)


def _authority(actor: str, reason: str, second: str | None) -> Authority:
    try:
        return Authority(actor, reason, second)
    except Forbidden:
        raise FormFault(second_name="fault.second_is_first") from None


def _code_of(refusal: Exception) -> str:
    """Which sentence says it."""
    if isinstance(refusal, Refused):
        return str(refusal.details.get("state", refusal.code))
    return "Collided" if isinstance(refusal, Collided) else "odd"


def _subject(act: Act, row: Row | None) -> str:
    """As all wings name it: "product:<id>", "shop:<id>"; a wallet is its shop's."""
    word = "shop" if act.noun is Noun.WALLETS else act.noun.value.removesuffix("s")
    return f"{word}:{'new' if row is None else row.id}"[:120]


def _told_of(act: Act, doing: Doing) -> dict[str, str]:
    """What was typed, for the record; a reason stands there by itself, and no field of ours holds a secret."""
    return {field.key: doing.values[field.key] for field in act.fields if doing.values[field.key]}


def _back(act: Act, row: Row | None) -> str:
    base = f"/admin/{act.noun.value}"
    return f"{base}/list" if row is None else f"{base}/detail?pk={row.id}"
