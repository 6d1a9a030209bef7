"""The demo takes wallets: real practice gateways as processes, the real till without its window."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.demo import GATEWAYS, Market, practice_code
from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.gateway import Standing
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.payment_code import PaymentCode, Wallet, read_payment_code
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.staff import Cashier, Role
from pos_app.shop import Shop
from tests.system.demo_run import run_tool

pytestmark = pytest.mark.slow


class Demo:
    """The demo with its window left out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.market = Market(folder / "data", folder / "keys")
        self.shop: Shop = self.market.opening(None).open_shop()
        self.shop.take_up()
        self.people = {
            person.role: Cashier(person.id, person.name, person.role) for person in self.shop.look_up.people()
        }

    @property
    def cashier(self) -> Cashier:
        return self.people[Role.CASHIER]

    def reserved(self) -> Sale:
        product = next(each for each in self.shop.look_up.products("", None, 50) if not each.fields)
        basket = self.shop.ring_up(self.shop.new_sale(), product.barcode or "").sale
        return self.shop.reserve(self.cashier, basket)

    def followed(self, attempt: Attempt, follow: str = "follow_payment") -> Attempt:
        """Asked when it is due, as the window does."""
        until = time.monotonic() + 60
        while attempt.is_live and time.monotonic() < until:
            if attempt.is_due(self.shop.today.now()):
                if follow == "follow_payment":
                    attempt = self.shop.follow_payment(attempt.number).attempt
                else:
                    attempt = self.shop.try_gateway.go_on(self.people[Role.OWNER], attempt.number)
        return attempt


def code(wallet: Wallet, ending: str = "500") -> PaymentCode:
    found = read_payment_code(practice_code(wallet, ending))
    assert found is not None
    assert found.wallet is wallet
    return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("demo"))
    made.shop.sync_catalogue()
    made.shop.refresh_account()
    made.shop.open_shift(made.cashier, Money(10_000))
    yield made
    made.market.close()


def test_all_wallets_are_offered(demo: Demo) -> None:
    assert demo.shop.ways_to_pay().scans == tuple(Wallet)
    assert [each.name for each in demo.market.front.gateways() if each.is_on] == list(GATEWAYS)


@pytest.mark.parametrize("wallet", Wallet)
def test_a_sale_is_paid_by_each_wallet_and_handed_over(demo: Demo, wallet: Wallet) -> None:
    demo.shop.begin_day()
    sale = demo.reserved()
    taking = demo.shop.charge_code(demo.cashier, sale.id, code(wallet))
    assert demo.followed(taking.attempt).state is AttemptState.PAID
    done = demo.shop.go_on(sale.id).sale
    assert [payment.tender for payment in done.payments] == [Tender(wallet.value)]
    assert done.state is SaleState.HAVE


def test_a_poor_customer_is_refused_and_pays_cash(demo: Demo) -> None:
    sale = demo.reserved()
    taking = demo.shop.charge_code(demo.cashier, sale.id, code(Wallet.ALIPAY, "001"))
    assert demo.followed(taking.attempt).state is AttemptState.FAILED
    assert demo.shop.take_cash(demo.cashier, sale.id, sale.total).state is SaleState.PAID


@pytest.mark.parametrize("name", GATEWAYS)
def test_each_answers_and_is_proved_by_a_test_payment(demo: Demo, name: str) -> None:
    assert abs(demo.market.front.check_gateway(name)) < 60
    wallet = Wallet.ALIPAY if name == "alipay" else Wallet.WECHAT
    begun = demo.shop.try_gateway(demo.people[Role.OWNER], name, code(wallet))
    assert begun.standing is Standing.PAID
    assert demo.followed(begun, "try_gateway").state is AttemptState.REFUNDED


def test_nothing_is_left_over_and_the_doctor_is_content(demo: Demo) -> None:
    """Last: everything above is in the books by now."""
    demo.shop.push_outbox()
    assert all(finding.holds for finding in demo.shop.doctor())
    assert [each for each in demo.shop.look_up.open_items() if any(a.is_live for a in each.attempts)] == []
    demo.market.close()
    folder = demo.folder
    for program in ("pos_app", "platform_server"):
        done = run_tool(program, "doctor", "--data", str(folder / "data"), "--keys", str(folder / "keys"))
        assert done.returncode == 0, done.stdout + done.stderr
    secrets = list((folder / "keys").glob("*.wechat.json"))
    assert len(secrets) == 1
    assert secrets[0].stat().st_mode & 0o077 == 0


def test_what_a_demo_left_is_taken_up_by_the_next(demo: Demo) -> None:
    """The gateways are new ones, with new keys: they are filled in anew."""
    demo.market.close()
    again = Demo(demo.folder)
    try:
        sale = again.reserved()
        again.shop.begin_day()
        taking = again.shop.charge_code(again.cashier, sale.id, code(Wallet.UNIONPAY))
        assert again.followed(taking.attempt).state is AttemptState.PAID
    finally:
        again.market.close()
