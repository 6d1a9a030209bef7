"""The main job, done by real processes through the real window: sold, printed, booked on both sides."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from platform_server.domain.market import make_market
from pos_app.demo import CODES, PRODUCTS, SEED, people
from pos_app.domain.card_code import CardSecret
from pos_app.places import resources
from pos_app.printing.decoder import read_bytes
from pos_app.printing.picture import PaperFonts, draw
from tests.system.demo_run import DemoFolders, run_demo, run_demo_until, run_tool
from tests.system.platform_books import DeliveredSale, delivered

pytestmark = pytest.mark.slow

# Said by the robot at each durable moment; the same list in the order in which it walks.
MOMENTS = (
    "open",
    "signed in",
    "shift open",
    "rung up",
    "reserved",
    "paid",
    "confirmed",
    "first slip",
    "change shown",
    "pushed",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFolders:
    folders = DemoFolders.under(tmp_path_factory.mktemp("demo"))
    run_demo(folders)
    return folders


def qrs_on_paper(path: Path) -> list[str]:
    """What a scanner reads from the picture of the bytes that went to the printer."""
    columns = 32
    fonts = resources() / "fonts"
    picture = draw(
        read_bytes(path.read_bytes(), columns),
        PaperFonts(fonts / "NotoSansSC-Regular.ttf", fonts / "NotoSansSC-Bold.ttf"),
    )
    return sorted(code.text for code in zxingcpp.read_barcodes(picture.convert("L")))


def qrs_in_pdf(path: Path) -> list[str]:
    page = pypdfium2.PdfDocument(path)[0]
    picture = page.render(scale=4).to_pil().convert("L")
    return sorted(code.text for code in zxingcpp.read_barcodes(picture))


def expected_qr(secret: CardSecret, template: str | None) -> str:
    if secret.link:
        return secret.link
    number, pin = secret.number or "", secret.pin or ""
    if template:
        return template.replace("{number}", number).replace("{pin}", pin)
    return f"{number} {pin}".strip()


def papers(folders: DemoFolders) -> list[Path]:
    return sorted(folders.out.glob("receipt-*.bin"), key=lambda path: int(path.stem[8:]))


def sales_at_platform(folders: DemoFolders) -> dict[str, DeliveredSale]:
    ids = [sale["sale_id"] for sale in folders.summary()["sales"]]
    return delivered(folders.data, folders.keys, ids)


def test_it_leaves_what_it_promises(demo: DemoFolders) -> None:
    summary = demo.summary()
    (sale,) = summary["sales"]
    assert sale["state"] == "done"
    assert sale["receipt_number"] == "T1-000001"
    assert sale["currency"] == "CNY"
    assert sale["total_minor"] == sum(line["total_minor"] for line in sale["lines"])
    assert sorted(line["kind"] for line in sale["lines"]) == ["code", "code", "top_up"]
    assert summary["catalogue"]["products"] >= 400
    assert summary["synced"] is True
    assert summary["timings"]
    assert len(list(demo.out.glob("window-*.png"))) >= 6
    assert [path.with_suffix(".pdf").exists() for path in papers(demo)] == [True] * len(papers(demo))


def test_every_code_on_paper_is_the_one_that_was_delivered(demo: DemoFolders) -> None:
    on_paper, in_pdf = [], []
    for path in papers(demo):
        on_paper += qrs_on_paper(path)
        in_pdf += qrs_in_pdf(path.with_suffix(".pdf"))
    assert sorted(on_paper) == sorted(in_pdf)
    codes = [text for text in on_paper if not text.startswith("K1.")]
    products = {product.id: product for product in make_market(SEED, PRODUCTS, CODES).products}
    (sale,) = sales_at_platform(demo).values()
    assert sale.state == "DELIVERED"
    assert len(sale.secrets) == 2
    assert sorted(codes) == sorted(expected_qr(secret, products[pid].qr) for pid, secret in sale.secrets)


def test_an_outsider_finds_ledger_and_receipts_genuine(demo: DemoFolders) -> None:
    """The till's ledger with the platform's signed point in it, by the keys that the platform publishes."""
    ledger, keys = demo.out / "ledger.jsonl", demo.out / "keys.json"
    assert run_tool("pos_app", "ledger", *demo.arguments, "--out", str(ledger)).returncode == 0
    keys.write_text(run_tool("platform_server", "keys", "export", *demo.arguments).stdout)
    receipts = [text for path in papers(demo) for text in qrs_on_paper(path) if text.startswith("K1.")]
    assert receipts
    done = run_tool("pos_app", "verify", "--keys", str(keys), str(ledger), *receipts)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 checkpoints" in done.stdout


def test_the_pictures_of_the_window_show_something(demo: DemoFolders) -> None:
    for path in demo.out.glob("window-*.png"):
        colours = Image.open(path).convert("RGB").getcolors(maxcolors=1_000_000)
        assert colours is not None
        assert len(colours) > 20, path.name


def test_both_doctors_are_content(demo: DemoFolders) -> None:
    for module in ("pos_app", "platform_server"):
        done = run_tool(module, "doctor", *demo.arguments)
        assert done.returncode == 0, done.stdout + done.stderr


def test_no_secret_lies_anywhere_under_data(demo: DemoFolders) -> None:
    """Every byte: no code of the whole market, no PIN of a person, no key."""
    market = make_market(SEED, PRODUCTS, CODES)
    codes = set()
    for lot in market.lots:
        for card in lot.cards:
            codes |= {text.encode() for text in (card.number, card.pin, card.link) if text and len(text) >= 8}
    short = {pin.encode() for _, _, pin in people()}
    keys = {path.read_bytes() for path in demo.keys.iterdir()}
    searched = [path for path in demo.data.rglob("*") if path.is_file()] + [demo.out / "summary.json"]
    assert len(searched) > 5
    for path in searched:
        raw = path.read_bytes()
        found = set(re.findall(rb"[0-9A-Za-z-]{8,}", raw)) & codes
        assert not found, f"{path.name} shows {len(found)} codes"
        if path.suffix in (".json", ".jsonl", ".log", ".txt"):
            assert not [pin for pin in short if pin in raw], path.name
        assert not [key for key in keys if key in raw], path.name


def test_a_second_run_goes_on(demo: DemoFolders) -> None:
    before = papers(demo)
    run_demo(demo)
    (sale,) = demo.summary()["sales"]
    assert sale["receipt_number"] == "T1-000002"
    assert len(papers(demo)) > len(before)


def test_killed_at_ten_moments_nothing_is_lost_and_nothing_sold_twice(tmp_path: Path) -> None:
    folders = DemoFolders.under(tmp_path)
    for moment in MOMENTS:
        run_demo_until(folders, moment)
    run_demo(folders)
    for module in ("pos_app", "platform_server"):
        done = run_tool(module, "doctor", *folders.arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    sales = folders.summary()["all_sales"]
    held = delivered(folders.data, folders.keys, [sale["sale_id"] for sale in sales])
    seen: dict[str, str] = {}
    for sale in sales:
        at_platform = held.get(sale["sale_id"])
        if sale["receipt_number"] is None:
            assert at_platform is None or at_platform.state == "CANCELLED"
            continue
        assert (sale["state"], at_platform and at_platform.state) == ("done", "DELIVERED")
        assert at_platform is not None
        for card_id in at_platform.card_ids:
            assert seen.setdefault(card_id, sale["sale_id"]) == sale["sale_id"]
        wanted = sum(line["quantity"] for line in sale["lines"] if line["kind"] == "code")
        assert len(at_platform.card_ids) == wanted
    numbers = sorted(sale["receipt_number"] for sale in sales if sale["receipt_number"])
    assert numbers == [f"T1-{number:06d}" for number in range(1, len(numbers) + 1)]


def test_pictures_are_pngs(demo: DemoFolders) -> None:
    for path in demo.out.glob("window-*.png"):
        assert Image.open(io.BytesIO(path.read_bytes())).format == "PNG"
