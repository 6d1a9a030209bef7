"""Sign-in: PINs, locks that survive, second persons, the first owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.errors import LockedOut, NotAllowed, PinTooWeak, UnknownPerson, WrongPin
from pos_app.domain.staff import Permission, Role
from tests.fakes.till_books import FakeTill
from tests.fakes.till_shop import PINS, FakeShop, make_fake_shop

ANN = "person-cashier"


def test_the_right_pin_opens_the_till_and_is_written_down(fake: FakeShop) -> None:
    cashier = fake.shop.sign_in(ANN, PINS["cashier"])
    assert (cashier.id, cashier.role) == (ANN, Role.CASHIER)
    with fake.till.open_to_read() as books:
        assert books.ledger.after(books.ledger.head().seq - 1, 1)[0].kind == "signed_in"


def test_five_wrong_pins_lock_and_a_restart_does_not_unlock(fake: FakeShop) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongPin) as wrong:
            fake.shop.sign_in(ANN, "000000")
        assert wrong.value.tries_left == left
    with pytest.raises(LockedOut) as locked:
        fake.shop.sign_in(ANN, "000000")
    assert locked.value.until == fake.clock.now() + timedelta(minutes=1)
    shop = fake.restarted()
    with pytest.raises(LockedOut):
        shop.sign_in(ANN, PINS["cashier"])
    fake.clock.advance(timedelta(minutes=1))
    assert shop.sign_in(ANN, PINS["cashier"]).id == ANN
    with pytest.raises(WrongPin) as wrong:
        shop.sign_in(ANN, "000000")
    assert wrong.value.tries_left == 4


def test_a_wrong_pin_is_on_disk_before_it_is_answered(fake: FakeShop) -> None:
    before = fake.till.commits
    with pytest.raises(WrongPin):
        fake.shop.sign_in(ANN, "000000")
    assert fake.till.commits == before + 1


def test_strangers_and_the_disabled_do_not_sign_in(fake: FakeShop) -> None:
    with pytest.raises(UnknownPerson):
        fake.shop.sign_in("nobody", "135790")
    with fake.till.open_books() as books:
        books.staff.put(replace(books.staff.person(ANN), is_active=False))
        books.commit()
    with pytest.raises(UnknownPerson):
        fake.shop.sign_in(ANN, PINS["cashier"])


def test_a_second_person_authorises_nobody_approves_himself(fake: FakeShop) -> None:
    allow = fake.shop.authorise
    supervisor = allow(fake.cashier, "person-supervisor", PINS["supervisor"], Permission.OVERRIDE)
    assert supervisor.role is Role.SUPERVISOR
    with pytest.raises(NotAllowed):
        allow(fake.supervisor, "person-supervisor", PINS["supervisor"], Permission.OVERRIDE)
    with pytest.raises(NotAllowed):
        allow(fake.supervisor, ANN, PINS["cashier"], Permission.OVERRIDE)
    assert allow(fake.owner, "person-owner", PINS["owner"], Permission.OVERRIDE).role is Role.OWNER


def test_the_first_person_is_the_owner_and_the_owner_adds_the_others() -> None:
    fake = make_fake_shop(till=FakeTill(), shift_open=False)
    fake.till.pages.people.clear()
    add = fake.shop.add_person
    with pytest.raises(NotAllowed):
        add(None, "Bob", Role.CASHIER, "135790")
    owner = add(None, " Olga ", Role.OWNER, "975318")
    assert owner.name == "Olga"
    for actor in (None, fake.cashier):
        with pytest.raises(NotAllowed):
            add(actor, "Bob", Role.CASHIER, "135790")
    assert add(fake.owner, "Bob", Role.CASHIER, "135790").role is Role.CASHIER
    assert len(fake.shop.look_up.people()) == 2


def test_a_weak_pin_is_refused(fake: FakeShop) -> None:
    with pytest.raises(PinTooWeak):
        fake.shop.add_person(fake.owner, "Bob", Role.CASHIER, "123456")
