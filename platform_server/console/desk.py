"""What the pages work with: the flows they call, and what the platform told them of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from starlette.requests import Request

from platform_server.console.wording import Words
from platform_server.domain.operators import LANGUAGES, Right
from platform_server.flows.add_shop import AddShop
from platform_server.flows.browse import Browse, LookAt, ReadLabels, ReadProduct, TakeAGlance
from platform_server.flows.decide_claim import ApproveClaim, AskSupplier, DenyClaim
from platform_server.flows.enrol_till import IssueTicket
from platform_server.flows.import_file import ImportFile, TryFile
from platform_server.flows.keep_operators import AddOperator, ChangeOperator, RenewOperator, SpeakTo
from platform_server.flows.keep_shop import CreditWallet
from platform_server.flows.keep_suppliers import ListSuppliers, PutSuppliers
from platform_server.flows.keep_wallet import DebitWallet, SetCreditLimit
from platform_server.flows.note_action import NoteAction
from platform_server.flows.put_products import PutProducts, TakeOffProducts
from platform_server.flows.read_imports import ReadImports
from platform_server.flows.see_to_incident import SeeToIncident
from platform_server.flows.settle_top_up import CallForTopUp, SettleTopUp
from platform_server.flows.sign_in import (
    Admission,
    ChangePassword,
    FindAdmission,
    SignIn,
    SignOut,
    StepUp,
    Vouch,
)
from platform_server.flows.withdraw import RevokeTill
from platform_server.ports.world import Clock, Ids

LANGUAGE_COOKIE = "console_language"


@dataclass(frozen=True, slots=True)
class DoorFlows:
    """For coming in and going out."""

    sign_in: SignIn
    find: FindAdmission
    step_up: StepUp
    vouch: Vouch
    sign_out: SignOut
    change_password: ChangePassword
    speak_to: SpeakTo


@dataclass(frozen=True, slots=True)
class DeskFlows:
    """For everything inside."""

    browse: Browse
    look_at: LookAt
    glance: TakeAGlance
    labels: ReadLabels
    product: ReadProduct
    note: NoteAction
    put_products: PutProducts
    take_off: TakeOffProducts
    import_file: ImportFile
    try_file: TryFile
    read_imports: ReadImports
    credit_wallet: CreditWallet
    debit_wallet: DebitWallet
    set_credit_limit: SetCreditLimit
    put_suppliers: PutSuppliers
    list_suppliers: ListSuppliers
    issue_ticket: IssueTicket
    add_shop: AddShop
    revoke_till: RevokeTill
    settle_top_up: SettleTopUp
    call_for_top_up: CallForTopUp
    ask_supplier: AskSupplier
    approve_claim: ApproveClaim
    deny_claim: DenyClaim
    see_to_incident: SeeToIncident
    add_operator: AddOperator
    renew_operator: RenewOperator
    change_operator: ChangeOperator


@dataclass(frozen=True, slots=True, repr=False)
class Desk:
    """Handed to every page. `enrolment_code` makes the code of a ticket's secret; `cookie_key` signs cookies.

    `fonts` is the folder of the letters that we ship.
    """

    door: DoorFlows
    flows: DeskFlows
    words: Words
    zone: tzinfo
    clock: Clock
    ids: Ids
    enrolment_code: Callable[[bytes], str]
    cookie_key: str
    fonts: Path


def admission_of(request: Request) -> Admission | None:
    """Who is signed in with this request."""
    admission: Admission | None = getattr(request.state, "admission", None)
    return admission


def may(request: Request, right: Right) -> bool:
    """Whether the signed-in operator has this right."""
    admission = admission_of(request)
    return admission is not None and admission.operator.may(right)


def language_of(request: Request) -> str:
    """The operator's own; before the sign-in that of this browser; Chinese."""
    admission = admission_of(request)
    if admission is not None:
        return admission.operator.language
    wanted = request.cookies.get(LANGUAGE_COOKIE, "")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]
