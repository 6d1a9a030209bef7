"""The till on a sample market: a platform, a practice supplier and people of its own; nothing in it is real."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.bootstrap.front import Front
from pos_app.domain.errors import DiskTrouble, PlatformNotStarted
from pos_app.domain.payment_code import Wallet
from pos_app.domain.staff import Cashier, Role
from pos_app.places import Places, disk_cause, own_folder, program, resources, shipped
from pos_app.wire.embedded import ChildProcess, Program, run_once

if TYPE_CHECKING:
    from pos_app.printing.virtual import VirtualPaper
    from pos_app.shop import Shop
    from pos_app.ui.opening import Opening

SEED, PRODUCTS, CODES = 7, 500, 20_000


def run(data: Path | None, keys: Path | None, out: Path | None, headless: bool) -> int:
    """The demo in a window, or walked through without hands; the process's exit code."""
    # The walk without hands takes cash only, and is not kept waiting for gateways that it would not ask.
    market = Market(data, keys, with_wallets=not headless)
    if headless:
        from pos_app.ui.robot.walk import walk

        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        folder = (out or Path("demo-out")).absolute()
        desk = Desk(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            summary = walk(market.opening(desk), folder, pins()[Role.CASHIER])
            desk.make_pdfs()
            desk.write_summary(summary)
        except (
            TimeoutError
        ):  # Python counts it among the errors of the system, and it says nothing of the disk
            raise
        except OSError as error:
            raise DiskTrouble(path=str(error.filename or folder), cause=disk_cause(error)) from error
        print(f"Receipts, pictures of the window and summary.json lie in {folder}")
        return 0
    from pos_app.ui.app import run as run_window

    return run_window(market.opening(None))


@dataclass
class Desk:
    """Where the papers of a headless run are laid down: `receipt-N.bin` as they come, PDFs when the work is done."""

    folder: Path
    papers: list[tuple[int, VirtualPaper]] = field(default_factory=list)

    def lay_down(self, paper: VirtualPaper) -> None:
        """One more paper; numbers go on where an earlier run in this folder ended."""
        number = 1 + max((int(path.stem[8:]) for path in self.folder.glob("receipt-*.bin")), default=0)
        (self.folder / f"receipt-{number}.bin").write_bytes(paper.data)
        self.papers.append((number, paper))

    def make_pdfs(self) -> None:
        """A PDF is never made inside a sale."""
        from pos_app.printing.pdf import pdf_bytes
        from pos_app.printing.picture import PaperFonts

        folder = resources() / "fonts"
        fonts = PaperFonts(folder / "NotoSansSC-Regular.ttf", folder / "NotoSansSC-Bold.ttf")
        for number, paper in self.papers:
            if paper.page is not None:
                (self.folder / f"receipt-{number}.pdf").write_bytes(pdf_bytes(paper.page, fonts))

    def write_summary(self, summary: dict[str, object]) -> None:
        text = json.dumps(summary, indent=2, ensure_ascii=False)
        (self.folder / "summary.json").write_text(text + "\n", encoding="utf-8")


class Market:
    """The world of the demo: made once per data folder, taken up again by every later run."""

    def __init__(self, data: Path | None, keys: Path | None, *, with_wallets: bool = True) -> None:
        self.front = Front(data or own_folder() / "demo", keys)
        self._where = self.front.where
        self._keys = keys
        self._wallets = PracticeWallets(self._where, GATEWAYS if with_wallets else ())
        self._supplier = ChildProcess(
            Program(program("practice"), shipped(), self._where.log / "supplier.log"),
            ("supplier", "--embedded", "--data", str(self._where.data / "practice" / "orders.jsonl")),
        )

    def opening(self, desk: Desk | None) -> Opening:
        """What the window is handed; the shop itself is opened on its store lane."""
        from pos_app.ui.opening import Opening
        from pos_app.ui.theme import Look

        def open_shop() -> Shop:
            shop = self._open()
            if desk is not None:
                self.front.till.printer.listen(desk.lay_down)
            return shop

        kept = self.front.settings.now()
        return Opening(
            open_shop=open_shop,
            translations=self.front.translations,
            fonts=self.front.fonts,
            language=kept.language,
            look=Look(kept.look),
            keep_choice=self.front.keep_choice,
            close_shop=self.close,
            demo_pins=tuple((name, pin) for name, _, pin in people()),
            papers=self.front.papers,
            door=self.front,
            warm_up=self.front.warm_up,
            practice_code=practice_code if self._wallets.names else None,
        )

    def close(self) -> None:
        """Everything in order; also when the opening had not ended."""
        self.front.close()
        self._supplier.stop()
        self._wallets.stop()

    def _open(self) -> Shop:
        self.close()
        self.front.open_log()
        self._wallets.begin()
        self._make_market()
        shop = self.front.open(str(self._supplier.start()["address"]))
        self._furnish(shop)
        self._wallets.set_up(self.front)
        return shop

    def _make_market(self) -> None:
        """Made once; the same seed again adds nothing, so that a run that was cut short is simply repeated."""
        made = self._where.data / "practice" / "market.json"
        if made.exists():
            return
        made.parent.mkdir(exist_ok=True)
        sizes = ("--seed", str(SEED), "--products", str(PRODUCTS), "--codes", str(CODES))
        keys = ("--keys", str(self._keys)) if self._keys is not None else ()
        platform = Program(program("platform_server"), shipped(), self._where.log / "platform.log")
        run_once(platform, ("sample", *sizes, "--data", str(self._where.data), *keys))
        made.write_text(json.dumps({"seed": SEED, "products": PRODUCTS, "codes": CODES}), encoding="utf-8")

    def _furnish(self, shop: Shop) -> None:
        """The demo's people and its printer without paper, at the first start."""
        present = {person.name for person in shop.look_up.people()}
        if not present:
            self.front.keep({"printer": "virtual"})
        owner: Cashier | None = None
        for name, role, pin in sorted(people(), key=lambda person: person[1] is not Role.OWNER):
            known = next((p for p in shop.look_up.people() if p.name == name), None)
            person = known or shop.add_person(owner, name, role, pin)
            owner = owner or Cashier(person.id, person.name, person.role)


# The practice gateways of the demo in the order in which they are asked: each wallet has one that takes it.
GATEWAYS = ("wechat", "alipay", "shouqianba", "lakala")
# Where a practice gateway calls a field otherwise than our form; beside what it hands out, a shop names its device.
_OTHER_NAMES = {("lakala", "appid"): "app_id"}
_OWN_FIELDS = {"shouqianba": {"device_id": "demo"}}
_CODES = {
    Wallet.WECHAT: ("13", 18),
    Wallet.ALIPAY: ("28", 18),
    Wallet.UNIONPAY: ("62", 19),
    Wallet.ECNY: ("01", 19),
}


class PracticeWallets:
    """Practice gateways as processes of their own, which end with the till; their money is forgotten then."""

    def __init__(self, where: Places, names: tuple[str, ...]) -> None:
        self.names = names
        self._children = {
            name: ChildProcess(
                Program(program("practice"), shipped(), where.log / f"{name}.log"),
                ("gateway", name, "--embedded"),
            )
            for name in names
        }

    def begin(self) -> None:
        """They get ready while the platform starts."""
        for child in self._children.values():
            child.begin()

    def set_up(self, front: Front) -> None:
        """Filled in anew, for their keys are new at each start; one that did not come up is simply not offered."""
        ready = []
        for name, child in self._children.items():
            with contextlib.suppress(PlatformNotStarted):
                told = child.ready()
                fields = {_OTHER_NAMES.get((name, key), key): value for key, value in told["setup"].items()}
                front.keep_gateway(name, {**fields, **_OWN_FIELDS.get(name, {}), "address": told["address"]})
                ready.append(name)
        if ready and not front.settings.now().gateways:
            front.choose_gateways(tuple(ready))

    def stop(self) -> None:
        for child in self._children.values():
            child.stop()


def practice_code(wallet: Wallet, ending: str) -> str:
    """A payment code that no customer showed before; its last three digits choose what the customer does."""
    from pos_app.wire.system_clock import SystemClock

    prefix, length = _CODES[wallet]
    chance = str(int(SystemClock().new_id().replace("-", ""), 16))
    return prefix + chance[-(length - len(prefix) - len(ending)) :] + ending


def people() -> tuple[tuple[str, Role, str], ...]:
    """Who works in the demo: name, role, PIN."""
    told = json.loads((resources() / "demo" / "people.json").read_text(encoding="utf-8"))
    return tuple((person["name"], Role(person["role"]), person["pin"]) for person in told)


def pins() -> dict[Role, tuple[str, str]]:
    """Name and PIN of the demo's person in each role."""
    return {role: (name, pin) for name, role, pin in people()}
