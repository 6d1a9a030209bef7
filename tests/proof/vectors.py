"""Makes docs/vectors, the same bytes each time: `python -m tests.proof.vectors` writes them anew."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from pos_app.domain.ledger import canonical
from tests.proof import tampering
from tests.proof.stage import (
    Stage,
    a_till_at_work,
    as_text,
    checkpoint_line,
    keys_file,
    proof_line,
    sign,
    training_receipt,
)

FOLDER = Path(__file__).parents[2] / "docs" / "vectors"
_LEDGERS = (
    tampering._byte_changed,
    tampering._line_lost,
    tampering._lines_swapped,
    tampering._value_changed,
    tampering._signature_dropped,
    tampering._chained_anew,
    tampering._unsigned_anew,
    tampering._signed_anew,
)


def made() -> dict[str, str]:
    """Every file by its name."""
    stage = a_till_at_work()
    before, after = "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"
    files = {
        "keys.json": as_text(keys_file(stage)),
        "keys-fenced.json": as_text(keys_file(stage, until="2026-11-22T03:00:00Z")),
        "keys-revoked.json": as_text(keys_file(stage, revoked_at=before)),
        "keys-revoked-later.json": as_text(keys_file(stage, revoked_at=after)),
        "ledger.jsonl": _file(stage.lines),
        "ledger-cut.jsonl": _file(stage.lines[:-6]),
        "checkpoint.jsonl": _file([checkpoint_line(stage, len(stage.lines))]),
        "checkpoint-proved.jsonl": _file([proof_line(stage, 7, 11)]),
        "checkpoint-proof-altered.jsonl": _file([_altered_proof(stage)]),
        "checkpoint-altered.jsonl": _file([checkpoint_line(stage, 3).replace('"size":3', '"size":4')]),
    }
    for way in _LEDGERS:
        name = way.__name__.strip("_").replace("_", "-")
        files[f"ledger-{name}.jsonl"] = way(list(stage.lines), random.Random(name)).decode()
    files["cases.json"] = as_text({"receipts": _receipts(stage), "ledgers": _ledgers(files)})
    return files


def _receipts(stage: Stage) -> list[dict[str, Any]]:
    """What is shown, under which keys, beside which files, and what the first text shown turns out to be."""
    sale, again, whole = (stage.receipts[number] for number in ("000004", "000001", "000001-1"))
    part, zero = stage.receipts["000002-1"], stage.receipts["Z000001"]
    fields = sale.rpartition(".")[0].split(".")
    cheaper = ".".join([*fields[:7], "1", *fields[8:]])

    def case(name: str, verdict: str, *shown: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "verdict": verdict, "shown": shown, "keys": "keys.json", "files": [], **more}

    return [
        case("a sale", "genuine", sale),
        case("a sale, in its ledger", "genuine", sale, files=["ledger.jsonl", "checkpoint.jsonl"]),
        case("all given back", "genuine", whole),
        case("a part given back", "genuine", part),
        case("a shift's close", "genuine", zero),
        case("training", "training", training_receipt(stage)),
        case("given back, shown by its other receipt", "voided", again, whole),
        case("given back, shown by the ledger", "voided", again, files=["ledger.jsonl"]),
        case("a part given back, shown by its receipt", "part_back", stage.receipts["000002"], part),
        case("another amount", "altered", f"{cheaper}.{sale.rpartition('.')[2]}"),
        case(
            "another receipt's signature", "altered", f"{sale.rpartition('.')[0]}.{zero.rpartition('.')[2]}"
        ),
        case("training made a sale", "altered", training_receipt(stage).replace(".T.", ".S.")),
        case("a blank at the end", "altered", sale + " "),
        case("no receipt at all", "altered", "K1.made.up"),
        case("another till", "unknown_till", sale.replace(fields[2], "AZMAAAAAcACAAAAAAADMzA")),
        case("another key's name", "unknown_till", sale.replace(fields[12], "AAAAAAAA")),
        case("the same text twice", "copied", sale, sale),
        case("two texts of one number", "twice", sale, sign(stage, cheaper)),
        case("another text than the ledger has", "twice", sign(stage, cheaper), files=["ledger.jsonl"]),
        case(
            "beyond the end of a cut ledger",
            "not_in_ledger",
            stage.receipts["000006"],
            files=["ledger-cut.jsonl"],
        ),
        case("dated after its key had ended", "fenced", sale, keys="keys-fenced.json"),
        case("a withdrawn key", "revoked", sale, keys="keys-revoked.json"),
        case(
            "a withdrawn key, no older checkpoint",
            "revoked",
            sale,
            keys="keys-revoked.json",
            files=["ledger.jsonl", "checkpoint.jsonl"],
        ),
        case(
            "a withdrawn key, covered by an older checkpoint",
            "genuine",
            stage.receipts["000006"],
            keys="keys-revoked-later.json",
            files=["ledger.jsonl", "checkpoint.jsonl"],
        ),
    ]


def _ledgers(files: dict[str, str]) -> list[dict[str, Any]]:
    """Which files are shown together, and what the ledger turns out to be."""

    def case(verdict: str, *shown: str, keys: str = "keys.json") -> dict[str, Any]:
        return {"verdict": verdict, "files": shown, "keys": keys}

    good = "ledger.jsonl"
    return [
        case("whole", good),
        case("whole", good, "checkpoint.jsonl"),
        case("whole", good, "checkpoint-proved.jsonl"),
        case("whole", good, "checkpoint.jsonl", keys="keys-revoked-later.json"),
        case("tampered", good, keys="keys-revoked-later.json"),
        case("tampered", good, "checkpoint-altered.jsonl"),
        case("tampered", good, "checkpoint-proof-altered.jsonl"),
        case("whole", "ledger-cut.jsonl"),
        case("tampered", "ledger-cut.jsonl", "checkpoint.jsonl"),
        *(
            case("tampered", name)
            for name in sorted(files)
            if name.startswith("ledger-") and name != "ledger-cut.jsonl"
        ),
    ]


def _altered_proof(stage: Stage) -> str:
    told = json.loads(proof_line(stage, 7, 11))
    told["inclusion"]["path"].reverse()
    return canonical(told).decode()


def _file(lines: Any) -> str:
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in made().items():
        (FOLDER / name).write_bytes(text.encode())


if __name__ == "__main__":
    main()
