"""What a window is handed of a till: plain values and a few doors, the shop itself only when it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app import __version__
from pos_app.bootstrap.till_settings import TillSettings
from pos_app.domain.errors import DiskTrouble
from pos_app.places import Places, disk_cause, places, resources, translations

if TYPE_CHECKING:
    from pos_app.bootstrap.opening import OpenTill
    from pos_app.domain.backup import Backup
    from pos_app.domain.gateway import GatewaySetup
    from pos_app.shop import Shop


# Whole numbers; those of money in minor units.
_OFFLINE = (
    "offline_days",
    "offline_most",
    "offline_most_minor",
    "offline_face_minor",
    "offline_sale_codes",
    "offline_sale_minor",
)


class Front:
    """One till that is opened, shown and closed; `open` and `close` may be called again."""

    def __init__(self, data: Path | None, keys: Path | None) -> None:
        self.where: Places = places(data, keys)
        self.settings = TillSettings(self.where)
        self._keys = keys
        self._till: OpenTill | None = None

    # --- what the window is painted with before the shop is open ---

    @property
    def translations(self) -> Path:
        return translations()

    @property
    def fonts(self) -> tuple[Path, ...]:
        return tuple(sorted((resources() / "fonts").glob("*.ttf")))

    # --- the shop ---

    def open(self, supplier: str | None = None) -> Shop:
        """Runs on the store lane. StoreTrouble or PlatformNotStarted say why it cannot be opened."""
        # What opens a shop is imported here, on its lane: the first paint does without it (P1).
        from pos_app.bootstrap.opening import open_till

        self.close()
        self.open_log()
        self._till = open_till(self.where, self._keys, supplier)
        return self._till.shop

    def open_log(self) -> None:
        """Makes the folders too."""
        from pos_app.bootstrap.opening import prepare
        from pos_app.logs import open_log

        prepare(self.where)
        try:
            open_log(self.where.log)
        except OSError as error:
            raise DiskTrouble(path=str(self.where.log), cause=disk_cause(error)) from error

    def close(self) -> None:
        """Leave everything in order."""
        if self._till is not None:
            self._till.close()
            self._till = None

    # --- backups, while the books are closed ---

    def backups(self) -> tuple[Backup, ...]:
        """Newest first, each at the shop's local time."""
        from pos_app.bootstrap.restoring import backups_at

        return backups_at(self.where)

    def put_back(self, name: str) -> Path:
        """That one takes the place of the books; the folder in which the present files were set aside. StoreTrouble."""
        from pos_app.bootstrap.restoring import restore

        self.close()
        return restore(self.where, self._keys, name)

    @property
    def till(self) -> OpenTill:
        """RuntimeError before it is open."""
        if self._till is None:
            raise RuntimeError("the till is not open")
        return self._till

    # --- doors of the settings page, all called off the screen's thread but `values` ---

    def values(self) -> Mapping[str, str]:
        """What is set, as plain text."""
        now = self.settings.now()
        return {
            "language": now.language,
            "look": now.look,
            "paper": str(now.paper_width_mm),
            "printer": now.printer,
            "printer_address": now.printer_address,
            "offline": "on" if now.offline_selling else "off",
            **{key: str(getattr(now, key)) for key in _OFFLINE},
        }

    def keep(self, changes: Mapping[str, str]) -> None:
        """Keep these; the printer follows with the next paper."""
        named = {("paper_width_mm" if key == "paper" else key): value for key, value in changes.items()}
        kept: dict[str, object] = dict(named)
        if "paper" in changes:
            kept["paper_width_mm"] = int(changes["paper"])
        if "offline" in changes:
            kept["offline_selling"] = kept.pop("offline") == "on"
        kept |= {key: int(value) for key, value in changes.items() if key in _OFFLINE}
        self._present_settings.keep(kept)

    def keep_choice(self, language: str, look: str) -> None:
        self._present_settings.keep({"language": language, "look": look})

    def test_print(self, word: str) -> None:
        """A slip that shows `word`; PaperTrouble with its cause."""
        from pos_app.domain.receipt import Header, TestSlip

        shop, enrolment = self.till.shop, self.till.shop.look_up.enrolment()
        at = shop.today.local(shop.today.now())
        header = Header(enrolment.shop_name, enrolment.till_code, "", at, None, 1)
        self.till.printer.print(TestSlip(header, word))

    def about(self) -> Mapping[str, str]:
        """What this till is and to whom it belongs."""
        enrolment = self.till.shop.look_up.enrolment()
        return {
            "version": __version__,
            "data": str(self.where.data),
            "till_code": enrolment.till_code,
            "shop": enrolment.shop_name,
            "platform": enrolment.address,
            "keys": self.till.keys_lie_in,
        }

    # --- doors of the page's payment part, called off the screen's thread too ---

    def gateways(self) -> tuple[GatewaySetup, ...]:
        """Every gateway, those that are asked first in their order; no secret is among the values."""
        return self.till.pays.setups()

    def keep_gateway(self, name: str, values: Mapping[str, str]) -> None:
        """Keep these fields of one gateway, all or none; GatewaySetupWrong names the field that is no good."""
        self.till.pays.fill_in(name, values)

    def choose_gateways(self, names: tuple[str, ...]) -> None:
        """Which take electronic money, in the order in which they are asked."""
        self.till.pays.choose(names)

    def check_gateway(self, name: str) -> int:
        """Ask it something harmless; by how many seconds this PC's clock is off."""
        return self.till.pays.ask(name)

    def warm_up(self) -> None:
        """Load what the first slip needs: a quarter of a second that no customer shall wait for."""
        from pos_app.printing.escpos import warm_up

        warm_up()

    def papers(self, already: int) -> tuple[bytes, ...]:
        """PNGs of the virtual printer's papers after the first `already`; none for a real printer."""
        import io

        from pos_app.printing.picture import PaperFonts, draw

        virtual = self._till.printer.virtual if self._till is not None else None
        if virtual is None:
            return ()
        folder = resources() / "fonts"
        fonts = PaperFonts(folder / "NotoSansSC-Regular.ttf", folder / "NotoSansSC-Bold.ttf")
        pictures = []
        for paper in virtual.papers():
            if paper.number > already:
                buffer = io.BytesIO()
                draw(paper.read(), fonts).save(buffer, "PNG")
                pictures.append(buffer.getvalue())
        return tuple(pictures)

    @property
    def _present_settings(self) -> TillSettings:
        return self._till.settings if self._till is not None else self.settings
