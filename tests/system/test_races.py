"""64 tills in four processes against servers that are killed: nothing is sold twice, nothing is lost.

`POS_RACES` names the form: `dev.py prove races` asks for the full one.
"""

import os
from pathlib import Path

import pytest

from tests.races.race import FORMS, Form, Race, told
from tests.races.servers import Home

FORM = FORMS[os.environ.get("POS_RACES", "short")]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(FORM.longest_s)]


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_nothing_is_sold_twice_and_nothing_is_lost(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if engine == "postgres" else None
    race = Race(Home(tmp_path, url), FORM, servers=2 if url else 1)
    verdict = race.run()
    print("\n" + told(engine, race, verdict))
    assert not verdict.breaches, "\n".join(verdict.breaches[:20])
    assert (race.kills >= FORM.kills, verdict.allocations >= FORM.allocations) == (True, True)
    assert min(verdict.tally[name] for name in ("replies lost", "connections broken", "told again")) > 0


def test_a_platform_that_sells_twice_is_seen(tmp_path: Path, postgres_url: str) -> None:
    """The race itself has teeth: the same tills and the same referee, and a fault at the heart of it."""
    planter = ("tests.races.planted_server", "a free card is looked for, then taken")
    form = Form(allocations=60, kills=0, processes=2, clients=4)
    race = Race(Home(tmp_path, postgres_url), form, launcher=planter)
    breaches = race.run().breaches
    assert any("for {'1': " in breach for breach in breaches), breaches[:20]
    assert any("the doctor says" in breach for breach in breaches)
