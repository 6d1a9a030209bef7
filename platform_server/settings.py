"""Every setting of the platform, once, with its default and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Settings:
    """Handed out by the wiring as plain values; nothing below it sees this class."""

    reservation_lifetime: timedelta = timedelta(minutes=10)  # a customer who pays needs no longer
    rules_offset: timedelta = timedelta(hours=8)  # the local time of rules at reserve: China has one
    said_kept: timedelta = timedelta(
        days=180
    )  # what customers said at the counter: as long as a case may take
    reprint_time: timedelta = timedelta(hours=24)  # after the ack a confirm no longer repeats the cards
    claim_time: timedelta = timedelta(hours=72)  # within it a shop hears what became of its claim
    # What a till may hold to sell without us where no policy says it (docs/policies.md, kind `lease`).
    lease_lifetime: timedelta = timedelta(hours=24)
    lease_most: int = 100
    lease_most_minor: int = 500_000  # face value of all cards at one till
    lease_face_minor: int = 50_000  # of one card: dearer ones are sold by asking us
    lease_currency: str = "CNY"
    ticket_lifetime: timedelta = timedelta(hours=24)  # an enrolment code is typed in the same day
    clock_window: timedelta = timedelta(seconds=300)  # docs/protocol.md 2
    page_most: int = 2_000  # docs/protocol.md 5
    body_most: int = 4 << 20  # 500 ledger entries of 8 kB
    calls_per_s: float = 500.0  # of one till; a thousand times what a cashier does
    calls_burst: int = 2_000
    enrolments_per_s: float = 0.2  # of one source, those that fail; nobody types a code faster
    enrolments_burst: int = 20
    key_overlap: timedelta = timedelta(hours=24)  # a till that lost the answer has a day to ask again
    callbacks_every_s: float = 1.0  # an event is numbered and carried within this
    callback_timeout_s: float = 10.0
    callbacks_near: bool = True  # a shop's own network may be called; a public platform says False
    callback_networks: tuple[str, ...] = ()  # called although the rules would refuse them
    metrics_from: tuple[str, ...] = ("127.0.0.0/8", "::1/128")  # who may read /metrics
    least_free_bytes: int = (
        200 << 20
    )  # below it /health/ready says no, and beside a file nothing new is reserved
    ballast_bytes: int = 64 << 20  # given up when even less is left: what open sales need to end
    sweep_every_s: float = 5.0  # reservations expire on time within this
    checkpoint_every_s: float = 20.0  # keeps the write-ahead log short; commits never wait for it
    zone: str = "Asia/Shanghai"  # whose days the wallets' statements and the settlements count
    day_change_hour: int = 0  # a platform of night cafes may say 6: before it is still the day before
    top_up_pause_s: float = 0.25  # while an order is open
    top_up_idle_s: float = 2.0  # while none is; a confirm wakes the worker at once
    top_up_lease: timedelta = timedelta(seconds=60)  # longer than a question and an order may take
    supplier_timeout_s: float = 10.0
    lock_wait_s: float = 10.0  # docs/protocol.md 8
    keep_alive_s: int = 75  # longer than the pause between two customers
    import_at_once: int = 2_000  # rows in one commit: a tenth of a second, so that a server beside it goes on
    import_zone: str = "Asia/Shanghai"  # where the suppliers of these goods write their dates
    low_stock: int = 10  # cards left: below it the console's first page names the product
    low_money_minor: int = 50_000  # available in a wallet: below it the first page names the shop
