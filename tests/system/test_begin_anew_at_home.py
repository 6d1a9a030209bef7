"""An old copy of a till's data is put back: it opens locked, and one key begins anew with the platform on the same PC."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_app.bootstrap.front import Front
from pos_app.domain.errors import RolledBack
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.staff import Role


def test_it_is_locked_until_it_is_enrolled_anew_without_a_code(tmp_path: Path) -> None:
    front = Front(tmp_path / "data", tmp_path / "keys")
    shop = front.open()
    try:
        shop.take_up()
        owner = shop.add_person(None, "Olga", Role.OWNER, "135790")
        shop.sign_in(owner.id, "135790")
        shop.push_outbox()
        before = shop.look_up.enrolment()
        shop.print_next.anchor.raise_to(AnchorMark(before.epoch, 10_000))  # as a later copy would have
        front.close()
        shop = front.open()
        shop.take_up()
        assert shop.look_up.is_locked()
        with pytest.raises(RolledBack):
            shop.sign_in(owner.id, "135790")
        after = shop.begin_anew("", before.till_code)
        assert (after.till_id, after.epoch) == (before.till_id, before.epoch + 1)
        assert not shop.look_up.is_locked()
        shop.sign_in(owner.id, "135790")
        assert shop.push_outbox().unsent == 0
        assert [finding for finding in shop.doctor() if not finding.holds] == []
        front.close()
        shop = front.open()
        shop.take_up()
        assert not shop.look_up.is_locked()
    finally:
        front.close()
