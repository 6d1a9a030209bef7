"""Who delivers the sample market: invented like its brands, with a paper that never runs out."""

from datetime import UTC, date, datetime

from platform_server.domain.goods import Names, Provenance
from platform_server.domain.suppliers import Authorisation, SupplierFile

SUPPLIER = SupplierFile(
    "sample-wholesale",
    Names("示例批发商", "Sample Wholesale"),
    Authorisation(
        "SAMPLE-0001", "the brands of the sample market, all invented", date(2020, 1, 1), date(2099, 12, 31)
    ),
)


def provenance(batch: str) -> Provenance:
    """Where a batch of the market came from: the same for the same batch."""
    return Provenance(SUPPLIER.id, f"SAMPLE-INVOICE-{batch}", datetime(2026, 1, 1, tzinfo=UTC))
