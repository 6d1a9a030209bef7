"""Every example of the protocol is read and written by the platform's own models, exactly as it stands."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from platform_server.domain.errors import Refused
from platform_server.domain.tills import from_base64url
from platform_server.routes import door_messages as d
from platform_server.routes import lease_messages as lm
from platform_server.routes import ledger_messages as lg
from platform_server.routes import messages as m
from platform_server.routes.claim_messages import ClaimReply, ClaimRequest
from platform_server.routes.problems import STATUS, problem_of
from platform_server.routes.settlements import SettlementReply
from platform_server.routes.shelf_messages import CatalogueReply, ProductMessage
from tests.fakes.platform_world import START

FOLDER = Path(__file__).parents[1] / "wire_examples"
MODELS: dict[str, type[BaseModel]] = {
    "enrol.request": m.EnrolmentRequest,
    "enrol.response": m.EnrolmentReply,
    "catalogue.response": CatalogueReply,
    "account.response": lm.AccountReply,
    "reserve.request": m.ReserveRequest,
    "reserve.response": m.ReserveReply,
    "sale.response": m.SaleReply,
    "confirm.request": m.ConfirmRequest,
    "confirm.response": m.ConfirmReply,
    "cancel.request": m.CancelRequest,
    "cancel.response": m.StateReply,
    "ack.request": m.AckRequest,
    "ack.response": m.StateReply,
    "ledger.request": lg.LedgerRequest,
    "ledger.response": lg.LedgerReply,
    "ledger-page.response": lg.ReadBackReply,
    "log.response": lg.LogReply,
    "log-inclusion.response": lg.InclusionReply,
    "log-consistency.response": lg.ConsistencyReply,
    "settlement.response": SettlementReply,
    "key.request": d.KeyRequest,
    "key.response": d.KeyReply,
    "callback.request": d.ShopCallbackRequest,
    "callback.response": d.ShopCallbackReply,
    "events.response": d.EventsReply,
    "lease.request": lm.LeaseRequest,
    "lease.response": lm.LeaseReply,
    "lease-return.request": lm.ReturnRequest,
    "lease-return.response": lm.ReturnReply,
    "claim.request": ClaimRequest,
    "claim.response": ClaimReply,
}
EXAMPLES = {
    path.name.removesuffix(".json"): json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")
}


def model_of(name: str) -> type[BaseModel]:
    return m.Problem if name.startswith("problem-") else MODELS[name]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_is_read_and_written_as_it_stands(name: str) -> None:
    told = EXAMPLES[name]
    read = model_of(name).model_validate_json(json.dumps(told))
    assert json.loads(read.model_dump_json()) == told
    later = {**told, "added_in_2030": {"x": [1]}}
    assert json.loads(model_of(name).model_validate_json(json.dumps(later)).model_dump_json()) == told


def test_every_model_and_every_refusal_has_an_example() -> None:
    problems = {f"problem-{code.lower()}.response" for code in STATUS}
    assert set(EXAMPLES) == set(MODELS) | problems


def _codes(kind: type[Refused]) -> set[str]:
    return {kind.code}.union(*(_codes(each) for each in kind.__subclasses__()))


def test_every_refusal_has_a_status_and_says_its_example() -> None:
    assert _codes(Refused) | {"UNAVAILABLE"} == set(STATUS)
    for kind in Refused.__subclasses__():
        example = EXAMPLES[f"problem-{kind.code.lower()}.response"]
        answer = problem_of(kind(example["message"], effect=example["effect"], **_details(example)), START)
        written = json.loads(answer.body)
        assert {**written, "server_time": ""} == {**example, "server_time": ""}


def _details(example: dict[str, Any]) -> dict[str, Any]:
    return dict(example["details"])


def test_what_the_catalogue_writes_is_what_its_model_says() -> None:
    for told in EXAMPLES["catalogue.response"]["products"]:
        assert json.loads(ProductMessage.model_validate(told).model_dump_json()) == told
    assert from_base64url(EXAMPLES["confirm.response"]["cards"][0]["sealed"])
