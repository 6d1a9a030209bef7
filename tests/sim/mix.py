"""How often each fault strikes, as data: the campaign's mix of about five faults a sale, and rates as in the field."""

from __future__ import annotations

from collections.abc import Mapping

# Of every chance that a fault has: a call, a commit, a slip, a customer.
CAMPAIGN: Mapping[str, float] = {
    "net: request lost": 0.04,
    "net: reply lost": 0.055,
    "net: delayed": 0.03,
    "net: html 200": 0.02,
    "net: proxy 429": 0.015,
    "net: 502 after effect": 0.03,
    "net: reply cut": 0.02,
    "net: reply spoilt": 0.015,
    "net: former reply": 0.02,
    "net: unsigned reply": 0.02,
    "net: duplicated": 0.06,
    "net: twice at once": 0.03,
    "net: reset after effect": 0.03,
    "net: partition": 0.02,
    "platform: throttled": 0.01,
    "platform: killed before commit": 0.004,
    "platform: killed after commit": 0.004,
    "platform: killed at a top-up": 0.02,
    "platform: restarted": 0.01,
    "till: killed before commit": 0.004,
    "till: killed after commit": 0.006,
    "till: killed before call": 0.006,
    "till: killed after call": 0.008,
    "till: killed before payment call": 0.006,
    "till: killed after payment call": 0.008,
    "till: killed before anchor": 0.01,
    "till: killed after anchor": 0.01,
    "till: killed before print": 0.012,
    "till: killed after print": 0.015,
    "till: started twice": 0.02,
    "disk: EIO": 0.003,
    "disk: EIO, kept all the same": 0.003,
    "disk: ENOSPC": 0.004,
    "disk: little room": 0.02,
    "clock: forward": 0.03,
    "clock: back": 0.03,
    "paper: offline": 0.06,
    "paper: none left": 0.04,
    "paper: ends mid-slip": 0.04,
    "paper: out, no answer": 0.04,
    "paper: lies": 0.015,
    "paper: twice": 0.02,
    "supplier: request lost": 0.1,
    "supplier: reply lost": 0.1,
    "supplier: 500": 0.05,
    "supplier: forged callback": 0.2,
    "people: press twice": 0.1,
    "people: dawdle": 0.08,
    "people: walk away": 0.05,
    "people: cancel": 0.05,
    "people: wrong answer": 0.1,
    "people: leave the payment": 0.015,
    "people: pay beside": 0.05,
}
# A shop that copies its till's folder about; its customers are judged by less (tests/sim/old_copy.py).
OLD_COPIES: Mapping[str, float] = {**CAMPAIGN, "copy": 0.3, "till: old copy put back": 0.3}
MIXES = {"campaign": CAMPAIGN, "old copies": OLD_COPIES}
# The rates that a shop might see: what they leave out is as it is above, divided by a hundred.
FIELD: Mapping[str, float] = {name: rate / 100 for name, rate in CAMPAIGN.items()} | {
    "net: request lost": 0.01,
    "net: reply lost": 0.01,
    "till: killed before commit": 0.003,
    "till: killed after commit": 0.003,
    "disk: EIO": 0.001,
    "disk: ENOSPC": 0.001,
    "clock: back": 0.01,
}
MIXES["field"] = FIELD

# How people buy: no faults.
PRESSES_MEANWHILE = 0.05
OTHER_TILL_MEANWHILE = 0.04
WALLET = 0.35
TOP_UPS = 0.2
REPRINTS = 0.05
GIVES_BACK = 0.06
SHOWS_CODE = 0.02
CLOSES_SHIFT = 0.04
KEEPS_LEASES = 0.12  # of the beats
READS_EVENTS = 0.12  # of them, too
SUBSTITUTES = 0.5  # of the sales that wait for an answer while the customer stands there
COUNTS_SLIPS = 0.8  # at the counter; the others come back at the end of the day
SECOND_TRIES = 0.7
EIGHT = 0.02  # wants more at once than the rules allow
# What a top-up's supplier does, by the last digits of the account (docs/practice-supplier.md).
SUFFIXES = ("100",) * 8 + (
    "001", "002", "003", "004", "005", "006", "007", "008", "009", "011", "012", "013", "014", "017", "018",
)  # fmt: skip
PARTITIONS_S = (60.0, 60.0, 300.0, 1_800.0, 14_400.0, 100_000.0)
JUMPS_S = (30.0, 200.0, 400.0, 3_600.0, 86_400.0)
