"""Gateways are set up: all fields or none, secrets never shown, and the next call speaks as what was filled in last."""

import json
from pathlib import Path

import pytest

from pos_app.bootstrap.front import Front
from pos_app.bootstrap.gateways import KINDS, PayWiring
from pos_app.bootstrap.till_settings import TillSettings
from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import FieldKind, GatewaySetup, Order, Standing, Way
from pos_app.domain.money import Money
from pos_app.domain.payment_code import Wallet
from pos_app.places import Places
from tests.fakes.till_clock import FakeClock
from tests.payments.counter import CLIENTS, wire


@pytest.fixture
def where(tmp_path: Path) -> Places:
    made = Places(tmp_path / "data", tmp_path / "keys")
    made.prepare()
    (made.till / "store_id").write_text("7c1f1c9e-0000-4000-8000-000000000000\n", encoding="ascii")
    return made


@pytest.fixture
def pays(where: Places) -> PayWiring:
    return PayWiring(where, use_keyring=False, settings=TillSettings(where))


def setup_of(pays: PayWiring, name: str) -> GatewaySetup:
    return next(each for each in pays.setups() if each.name == name)


@pytest.mark.parametrize("practice", CLIENTS)
def test_what_a_gateway_hands_out_is_taken_and_its_secrets_are_never_shown(
    pays: PayWiring, where: Places, practice: str
) -> None:
    name, fields = CLIENTS[practice], dict(wire(practice, FakeClock()).keys.fields)
    pays.fill_in(name, fields)
    setup = setup_of(pays, name)
    assert setup.is_ready
    for filled in setup.fields:
        if filled.field.kind in (FieldKind.SECRET, FieldKind.KEY):
            assert filled.value == ""
            assert filled.is_kept == bool(fields.get(filled.field.key))
        elif fields.get(filled.field.key):
            assert filled.value == fields[filled.field.key]
    secrets = [
        fields[each.key]
        for each in KINDS[name]().fields
        if each.kind is FieldKind.SECRET and each.key in fields
    ]
    assert not [secret for secret in secrets if secret in repr(setup)]
    again = PayWiring(where, use_keyring=False, settings=TillSettings(where))
    assert setup_of(again, name) == setup


@pytest.mark.parametrize(
    ("practice", "key", "value"),
    [
        ("shouqianba", "vendor_sn", ""),
        ("shouqianba", "address", "http://pay.example"),
        ("alipay", "private_key", "no key"),
        ("alipay", "mode", "certificate"),
        ("wechat", "mchid", " "),
        ("wechat", "merchant_key", "-----BEGIN PRIVATE KEY-----"),
        ("lakala", "platform_certificate", "AAAA"),
    ],
)
def test_one_bad_field_is_named_and_nothing_is_kept(
    pays: PayWiring, practice: str, key: str, value: str
) -> None:
    name, fields = CLIENTS[practice], wire(practice, FakeClock()).keys.fields
    with pytest.raises(GatewaySetupWrong) as caught:
        pays.fill_in(name, {**fields, key: value})
    assert caught.value.name == name
    assert caught.value.reason in (key, "alipay_root_certificate", "app_certificate", "alipay_certificate")
    assert not any(each.is_kept for each in setup_of(pays, name).fields)
    pays.fill_in(name, fields)
    kept = pays.keys(name).read()
    with pytest.raises(GatewaySetupWrong):
        pays.fill_in(name, {key: value})
    assert pays.keys(name).read() == kept


def test_the_order_is_kept_and_only_what_is_set_up_can_be_switched_on(pays: PayWiring) -> None:
    for practice in ("wechat", "alipay"):
        pays.fill_in(practice, wire(practice, FakeClock()).keys.fields)
    with pytest.raises(GatewaySetupWrong):
        pays.choose(("wechat", "lakala"))
    assert pays.chosen() == ()
    pays.choose(("wechat", "alipay"))
    pays.choose(("alipay", "wechat"))
    assert [(each.name, each.is_on) for each in pays.setups()][:2] == [("alipay", True), ("wechat", True)]
    assert pays.gateways().names() == ("alipay", "wechat")


def test_a_new_activation_code_forgets_the_terminal_and_another_field_does_not(pays: PayWiring) -> None:
    fields = wire("shouqianba", FakeClock()).keys.fields
    pays.fill_in("shouqianba", fields)
    pays.keys("shouqianba").keep({"terminal_sn": "1", "terminal_key": "k"})
    pays.fill_in("shouqianba", {"vendor_key": "another"})
    assert pays.keys("shouqianba").read()["terminal_key"] == "k"
    pays.fill_in("shouqianba", {"activation_code": "87654321"})
    assert "terminal_key" not in pays.keys("shouqianba").read()


def test_whoever_speaks_to_it_speaks_as_what_was_filled_in_last(pays: PayWiring) -> None:
    lanes = (pays.gateways(), pays.gateways())
    fields = wire("alipay", FakeClock()).keys.fields
    pays.fill_in("alipay", fields)
    before = [each.named("alipay") for each in lanes]
    pays.fill_in("alipay", {"app_id": "2014000000000001"})
    assert all(each.named("alipay") is not old for each, old in zip(lanes, before, strict=True))


def test_a_code_is_shown_only_by_a_gateway_that_can_with_what_is_filled_in(pays: PayWiring) -> None:
    fields = wire("wechat", FakeClock()).keys.fields
    pays.fill_in("wechat", fields)
    pays.choose(("wechat",))
    counter = pays.gateways()
    assert counter.for_wallet(Wallet.WECHAT, Way.SHOWN) == "wechat"
    pays.fill_in("wechat", {"notify_url": ""})
    assert counter.for_wallet(Wallet.WECHAT, Way.SHOWN) is None
    assert counter.for_wallet(Wallet.WECHAT, Way.SCANNED) == "wechat"


@pytest.mark.parametrize("practice", CLIENTS)
def test_the_harmless_question_is_believed(practice: str) -> None:
    clock = FakeClock()
    wired = wire(practice, clock)
    wired.gateway.begin_day()
    told = wired.gateway.ask(Order("CHECK0NEVER", Money(1), Way.SCANNED, clock.now()))
    assert told.standing is not Standing.PAID


def test_a_gateway_that_is_away_is_said_to_be(pays: PayWiring) -> None:
    pays.gateways()
    fields = wire("alipay", FakeClock()).keys.fields
    pays.fill_in("alipay", {**fields, "address": "http://127.0.0.1:9"})
    with pytest.raises(Unreachable):
        pays.ask("alipay")


def test_the_doors_of_the_front_lead_there(
    where: Places, pays: PayWiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = Front(where.data, where.keys)
    with pytest.raises(RuntimeError):
        front.gateways()
    monkeypatch.setattr(Front, "till", type("Till", (), {"pays": pays}))
    front.keep_gateway("wechat", wire("wechat", FakeClock()).keys.fields)
    front.choose_gateways(("wechat",))
    assert [each.name for each in front.gateways() if each.is_on] == ["wechat"]
    assert json.loads(where.settings.read_text(encoding="utf-8"))["gateways"] == "wechat"
    monkeypatch.setattr(pays, "ask", lambda name: 7)
    assert front.check_gateway("wechat") == 7
