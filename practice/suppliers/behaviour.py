"""Says what a practice supplier does with an account, by the last three digits of its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Answering(StrEnum):
    """How the supplier's replies travel, whatever the order's real state is."""

    PLAINLY = "plainly"
    ERROR_500 = "error_500"  # no effect was made
    REPLY_LOST_ONCE = "reply_lost_once"  # the effect was made, the first reply never arrives
    HTML_PAGE = "html_page"  # the effect was made, no reply can be understood


@dataclass(frozen=True)
class Behaviour:
    """What an order is at first, what it becomes in the end and after how long."""

    first: str = "success"
    final: str = "success"
    settles_after_s: int = 0
    answering: Answering = Answering.PLAINLY

    def state_after(self, elapsed_s: float) -> str:
        """The state that the supplier reports this long after the order was placed."""
        return self.final if elapsed_s >= self.settles_after_s else self.first


DEFAULT = Behaviour()

BY_SUFFIX: Mapping[str, Behaviour] = {
    "001": Behaviour("failed", "failed"),
    "002": Behaviour("processing", "success", 3),
    "003": Behaviour("processing", "success", 20),
    "004": Behaviour(answering=Answering.ERROR_500),
    "005": Behaviour(answering=Answering.REPLY_LOST_ONCE),
    "006": Behaviour("WEIRD", "success", 3),
    "007": Behaviour("processing", "success", 300),
    "008": Behaviour(answering=Answering.HTML_PAGE),
    "009": Behaviour("processing", "failed", 3),
}


def behaviour_of(account: str) -> Behaviour:
    """The behaviour that the account's last three characters ask for."""
    return BY_SUFFIX.get(account[-3:], DEFAULT)
