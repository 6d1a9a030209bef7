"""A test payment of 0.01: taken, given back, and followed to its end whatever happens in between."""

from datetime import timedelta

import pytest

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.errors import GatewaySetupWrong, NotAllowed, PaymentCodeUnsupported, PaymentCodeUsed
from pos_app.domain.gateway import RefundStanding, Standing
from pos_app.domain.payment_code import PaymentCode, Wallet, read_payment_code
from pos_app.domain.sale import SaleSearch, SaleState
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.payments.counter import CLIENTS, wire

CODES = {Wallet.WECHAT: "13000000000000", Wallet.ALIPAY: "28000000000000"}


def code(wallet: Wallet = Wallet.WECHAT, ending: str = "1999") -> PaymentCode:
    found = read_payment_code(CODES[wallet] + ending)
    assert found is not None
    return found


def to_its_end(fake: FakeShop, attempt: Attempt) -> Attempt:
    """The owner stays with the form."""
    for _ in range(200):
        if not attempt.is_live:
            break
        fake.clock.advance(timedelta(seconds=1))
        if attempt.is_due(fake.clock.now()):
            attempt = fake.shop.try_gateway.go_on(fake.owner, attempt.number)
    return attempt


def in_the_background(fake: FakeShop, number: str) -> Attempt:
    """Nobody stays: the till's own beat."""
    for _ in range(200):
        fake.clock.advance(timedelta(seconds=3))
        fake.shop.follow_all()
    with fake.till.open_to_read() as books:
        return books.attempts.get(number)


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop()


@pytest.mark.parametrize("practice", CLIENTS)
def test_every_gateway_gives_it_back_by_a_refund(fake: FakeShop, practice: str) -> None:
    wired = wire(practice, fake.clock)
    fake.gateways = wired  # type: ignore[assignment]
    fake.restarted()
    wired.gateway.begin_day()
    wallet = Wallet.WECHAT if Wallet.WECHAT in wired.gateway.rules.scans else Wallet.ALIPAY
    begun = fake.shop.try_gateway(fake.owner, wired.name, code(wallet))
    assert (begun.state, begun.standing, begun.amount.minor) == (AttemptState.REVERSING, Standing.PAID, 1)
    ended = to_its_end(fake, begun)
    assert ended.state is AttemptState.REFUNDED
    bank = wired.teller.bank
    assert (bank.charged(ended.number), bank.kept(ended.number)) == (1, 0)


def test_nothing_of_it_is_in_the_figures_and_the_doctor_is_content(fake: FakeShop) -> None:
    to_its_end(fake, fake.shop.try_gateway(fake.owner, "fake", code()))
    assert [name for name, _ in fake.gateways.one.calls] == ["charge", "refund"]
    report = fake.shop.look_up.day(fake.owner, fake.shop.today())
    assert (report.figures.sales, report.figures.takings.minor) == (0, 0)
    assert all(finding.holds for finding in fake.shop.doctor())
    (row,) = fake.shop.look_up.sales(SaleSearch())
    assert (row.state, row.total.minor) == (SaleState.CANCELLED, 1)


def test_a_no_is_said_and_nothing_is_given_back(fake: FakeShop) -> None:
    fake.gateways.one.next_course = Standing.FAILED
    ended = fake.shop.try_gateway(fake.owner, "fake", code())
    assert ended.state is AttemptState.FAILED
    assert [name for name, _ in fake.gateways.one.calls] == ["charge"]


def test_a_gateway_that_refuses_the_refund_is_asked_to_undo(fake: FakeShop) -> None:
    fake.gateways.one.refund_says = RefundStanding.FAILED
    ended = to_its_end(fake, fake.shop.try_gateway(fake.owner, "fake", code()))
    assert ended.state is AttemptState.REFUNDED
    assert fake.gateways.one.kept_money() == 0


@pytest.mark.parametrize("lost", ["charge", "charge!"])
def test_without_an_answer_it_is_asked_about_and_ends(fake: FakeShop, lost: str) -> None:
    fake.gateways.one.lose.append(lost)
    ended = to_its_end(fake, fake.shop.try_gateway(fake.owner, "fake", code()))
    assert ended.state in (AttemptState.REFUNDED, AttemptState.REVERSED)
    assert fake.gateways.one.kept_money() == 0


@pytest.mark.parametrize("lost", ["", "charge!"])
def test_a_crash_in_the_middle_is_followed_up(fake: FakeShop, lost: str) -> None:
    if lost:
        fake.gateways.one.lose.append(lost)
    begun = fake.shop.try_gateway(fake.owner, "fake", code())
    assert begun.is_live
    fake.restarted().take_up()
    ended = in_the_background(fake, begun.number)
    assert not ended.is_live
    assert fake.gateways.one.kept_money() == 0
    assert fake.shop.look_up.open_items() == ()


def test_a_password_that_is_never_typed_ends_with_the_patience(fake: FakeShop) -> None:
    fake.gateways.one.next_course = Standing.WAITING
    ended = to_its_end(fake, fake.shop.try_gateway(fake.owner, "fake", code()))
    assert ended.state is AttemptState.REVERSED


def test_who_and_what_may_not(fake: FakeShop) -> None:
    with pytest.raises(NotAllowed):
        fake.shop.try_gateway(fake.cashier, "fake", code())
    fake.shop.try_gateway(fake.owner, "fake", code())
    with pytest.raises(PaymentCodeUsed):
        fake.shop.try_gateway(fake.owner, "fake", code())
    wired = wire("alipay", fake.clock)
    fake.gateways = wired  # type: ignore[assignment]
    fake.restarted()
    with pytest.raises(PaymentCodeUnsupported):
        fake.shop.try_gateway(fake.owner, "alipay", code(ending="2999"))
    assert wired.sender.sent == []


def test_a_gateway_that_refuses_the_setup_says_so_and_leaves_nothing_open(fake: FakeShop) -> None:
    fake.gateways.one.setup_wrong = "appid"
    with pytest.raises(GatewaySetupWrong):
        fake.shop.try_gateway(fake.owner, "fake", code())
    assert fake.shop.look_up.open_items() == ()


def test_a_gateways_clock_is_told_with_the_platforms(fake: FakeShop) -> None:
    fake.platform.clock_skew_s = 5
    fake.gateways.one.clock_skew_s = -400
    assert fake.shop.look_up.status(line_up=True).clock_skew_s == -400
