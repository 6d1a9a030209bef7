"""Wires the operators' console to an open platform and puts it beside the doors of the tills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.responses import RedirectResponse

from platform_server.app.wiring import Platform
from platform_server.console.desk import Desk, DeskFlows, DoorFlows
from platform_server.console.house import build_console
from platform_server.console.shield import App, Receive, Scope, Send
from platform_server.console.wording import Words
from platform_server.domain.tills import write_enrolment_code
from platform_server.flows.add_shop import AddShop
from platform_server.flows.browse import Browse, LookAt, ReadLabels, ReadProduct, TakeAGlance
from platform_server.flows.keep_operators import AddOperator, ChangeOperator, RenewOperator, SpeakTo
from platform_server.flows.keep_wallet import DebitWallet, SetCreditLimit
from platform_server.flows.note_action import NoteAction
from platform_server.flows.see_to_incident import SeeToIncident
from platform_server.flows.sign_in import ChangePassword, FindAdmission, SignIn, SignOut, StepUp, Vouch
from platform_server.flows.withdraw import RevokeTill
from platform_server.store.sign_in import Argon2Passwords, SealedCodes

_SHIPPED = Path(__file__).parents[2] / "resources"


@dataclass(frozen=True, slots=True)
class OperatorFlows:
    """What both the console and the commands do with operators."""

    add: AddOperator
    renew: RenewOperator
    change: ChangeOperator
    speak_to: SpeakTo


def operator_flows(platform: Platform) -> OperatorFlows:
    """Over the platform's store."""
    books, world = platform.store.open_books, platform.world
    passwords, codes = Argon2Passwords(), SealedCodes(platform.console_keys.codes)
    made = (books, passwords, codes, world.clock, world.ids)
    return OperatorFlows(
        AddOperator(*made), RenewOperator(*made), ChangeOperator(books, world.clock), SpeakTo(books)
    )


def with_console(web: App, platform: Platform, address: str) -> App:
    """The tills' application with the console at /admin; `address` is where tills reach the server."""
    console = build_console(_desk(platform, address))

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path == "/admin":
            await RedirectResponse("/admin/")(scope, receive, send)
        elif scope["type"] == "http" and path.startswith("/admin/"):
            await console(scope, receive, send)
        else:
            await web(scope, receive, send)

    return both


def _desk(platform: Platform, address: str) -> Desk:
    world = platform.world
    return Desk(
        door=_door_flows(platform),
        flows=_desk_flows(platform),
        words=Words.of(_SHIPPED / "words"),
        zone=ZoneInfo(world.settings.zone),
        clock=world.clock,
        ids=world.ids,
        enrolment_code=_code_maker(platform, address),
        cookie_key=platform.console_keys.cookies.hex(),
        fonts=_SHIPPED / "fonts",
    )


def _code_maker(platform: Platform, address: str) -> Callable[[bytes], str]:
    key = platform.platform_key.public_key().public_bytes_raw()
    return lambda secret: write_enrolment_code(address, key, secret)


def _door_flows(platform: Platform) -> DoorFlows:
    books, peek = platform.store.open_books, platform.store.peek_books
    clock, ids = platform.world.clock, platform.world.ids
    passwords, codes = Argon2Passwords(), SealedCodes(platform.console_keys.codes)
    return DoorFlows(
        sign_in=SignIn(books, passwords, codes, clock, ids),
        find=FindAdmission(books, peek, clock),
        step_up=StepUp(books, codes, clock),
        vouch=Vouch(books, passwords, codes, clock),
        sign_out=SignOut(books, clock),
        change_password=ChangePassword(books, passwords, clock),
        speak_to=SpeakTo(books),
    )


def _desk_flows(platform: Platform) -> DeskFlows:
    books, peek = platform.store.open_books, platform.store.peek_books
    world, settings = platform.world, platform.world.settings
    operators = operator_flows(platform)
    low = (settings.low_stock, settings.low_money_minor)
    return DeskFlows(
        browse=Browse(peek),
        look_at=LookAt(peek),
        glance=TakeAGlance(peek, world.clock, ZoneInfo(settings.zone), *low),
        labels=ReadLabels(peek),
        product=ReadProduct(peek),
        note=NoteAction(books, world.clock),
        put_products=platform.put_products,
        take_off=platform.take_off_products,
        import_file=platform.import_file,
        try_file=platform.try_file,
        read_imports=platform.read_imports,
        credit_wallet=platform.credit_wallet,
        debit_wallet=DebitWallet(books, world.clock, world.ids),
        set_credit_limit=SetCreditLimit(books, world.clock),
        put_suppliers=platform.put_suppliers,
        list_suppliers=platform.list_suppliers,
        issue_ticket=platform.issue_ticket,
        add_shop=AddShop(books, world.clock, world.ids),
        revoke_till=RevokeTill(books, world.clock),
        settle_top_up=platform.settle_top_up,
        call_for_top_up=platform.call_for_top_up,
        ask_supplier=platform.after_sales.ask_supplier,
        approve_claim=platform.after_sales.approve_claim,
        deny_claim=platform.after_sales.deny_claim,
        see_to_incident=SeeToIncident(books, world.clock),
        add_operator=operators.add,
        renew_operator=operators.renew,
        change_operator=operators.change,
    )
