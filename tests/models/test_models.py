"""The protocols in every order in which their steps can fall, and what each rule is for: left out, it is missed.

`POS_MODELS` names the form: `dev.py prove models` asks for the full one.
"""

import inspect
import os
import re
from collections.abc import Callable
from types import ModuleType

import pytest

from tests.models import lease as lease_rules
from tests.models import multi_line as line_rules
from tests.models import old_copy as copy_rules
from tests.models import online as online_rules
from tests.models import refund as refund_rules
from tests.models import top_up as top_up_rules
from tests.models.explore import Explored, Model, explore, told, told_caught
from tests.models.lease import lease
from tests.models.multi_line import multi_line
from tests.models.old_copy import old_copy
from tests.models.online import online
from tests.models.refund import refund, reissue
from tests.models.top_up import top_up
from tests.proof.page import tell

SHORT: list[Callable[[], Model]] = [
    lambda: online(2, 2, 0),
    lambda: online(2, 2, 1, wallets=1),
    lambda: online(2, 1, 1, cools=True),
    lambda: lease(1, 3),
    lambda: lease(2, 2, copies=False),
    lambda: multi_line(2),
    old_copy,
    top_up,
    refund,
    reissue,
]
FULL: list[Callable[[], Model]] = [
    lambda: online(2, 2, 1),
    lambda: online(2, 1, 1),
    lambda: online(3, 2, 0, wallets=1),
    lambda: online(3, 2, 1, wallets=0),
    lambda: lease(2, 1),
    lambda: multi_line(3),
]
RELEASE: list[Callable[[], Model]] = [lambda: online(3, 2, 0, wallets=2)]
FORMS = {"short": SHORT, "full": SHORT + FULL, "release": SHORT + FULL + RELEASE}
FORM = os.environ.get("POS_MODELS", "short")
LEAST_STATES = {"short": 250_000, "full": 4_000_000, "release": 5_000_000}
RULES: list[ModuleType] = [online_rules, lease_rules, copy_rules, top_up_rules, refund_rules, line_rules]
MUTANTS = [mutant for rules in RULES for mutant in rules.MUTANTS]
# Those whose subject is an order of events between two parties; the others are about bytes, keys, disks and people.
ASKED = ("I1", "I2", "I3", "I4", "I5", "I6", "I8", "I9", "I11", "I12", "I13", "I18")
pytestmark = pytest.mark.timeout(20_000)


@pytest.mark.slow
def test_no_order_of_steps_breaks_an_invariant() -> None:
    walks: list[Explored] = []
    for build in FORMS[FORM]:
        walks.append(explore(build()))
        print(told(walks).splitlines()[-1])
    states, transitions = sum(each.states for each in walks), sum(each.transitions for each in walks)
    seconds = sum(each.seconds for each in walks)
    tell(
        "models",
        f"{told(walks)}\n\nIn all {states:,} states and {transitions:,} transitions, {seconds:.0f} s.",
    )
    assert not [(each.name, each.breach, each.trace) for each in walks if not each.is_sound]
    assert states >= LEAST_STATES[FORM]


def test_a_rule_that_is_left_out_is_missed() -> None:
    caught = [(mutant, explore(mutant.build(mutant.flag))) for mutant in MUTANTS]
    tell("mutants", told_caught(caught))
    wrong = [(m.flag, e.breach, e.trace) for m, e in caught if e.breach.split(" ")[0] not in m.breaks]
    assert not wrong
    assert len({mutant.flag for mutant in MUTANTS}) == len(MUTANTS) >= 24


def test_each_invariant_of_an_order_is_asked() -> None:
    asked = {number for rules in RULES for number in re.findall(r'"(I\d+) ', inspect.getsource(rules))}
    assert not set(ASKED) - asked


def test_the_walk_finds_a_shortest_way_and_what_never_ends() -> None:
    def steps(state: int) -> list[tuple[str, int]]:
        return [(f"{state}+{n}", state + n) for n in (1, 5) if state < 20]

    def walk(breach: Callable[[int], str], is_settled: Callable[[int], bool]) -> Explored:
        return explore(Model("count", 0, steps, breach, is_settled))

    sound = walk(lambda _: "", lambda state: state >= 20)
    assert (sound.states, sound.transitions, sound.settled, sound.is_sound) == (25, 40, 5, True)
    wrong = walk(lambda state: "I1 eleven" if state == 11 else "", lambda state: state >= 20)
    assert (wrong.breach, len(wrong.trace)) == ("I1 eleven", 3)
    endless = walk(lambda _: "", lambda state: state == 22)
    assert (endless.breach[:2], endless.trace[0][:2]) == ("I4", "0+")
    assert endless.stuck == 6
