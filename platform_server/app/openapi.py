"""Writes the OpenAPI document without opening a platform."""

from __future__ import annotations

import json
from typing import Any

from platform_server.routes.callbacks import CallbackFlows
from platform_server.routes.claims import ClaimFlows
from platform_server.routes.house import Doors, build_app
from platform_server.routes.keys import KeyFlows
from platform_server.routes.leases import LeaseFlows
from platform_server.routes.ledger import LedgerFlows
from platform_server.routes.meter import Meter
from platform_server.routes.monitor import Monitor
from platform_server.routes.sales import SaleFlows
from platform_server.routes.settlements import SettlementFlows
from platform_server.routes.shop import ShopFlows

_NOTHING: Any = None  # the document needs the doors' shapes, not what lies behind them


def openapi_text() -> str:
    """JSON with two blanks of indentation and a last line end: what docs/openapi.json holds."""
    sales = SaleFlows(*[_NOTHING] * len(SaleFlows.__slots__))
    shop = ShopFlows(*[_NOTHING] * len(ShopFlows.__slots__))
    ledger = LedgerFlows(*[_NOTHING] * len(LedgerFlows.__slots__))
    claims = ClaimFlows(*[_NOTHING] * len(ClaimFlows.__slots__))
    settlements = SettlementFlows(*[_NOTHING] * len(SettlementFlows.__slots__))
    keys = KeyFlows(*[_NOTHING] * len(KeyFlows.__slots__))
    monitor = Monitor(_NOTHING, _NOTHING, Meter(lambda: 0.0), _NOTHING, (), _NOTHING)
    callbacks = CallbackFlows(None, _NOTHING)
    leases = LeaseFlows(*[_NOTHING] * len(LeaseFlows.__slots__))
    app = build_app(
        Doors(sales, shop, ledger, settlements, claims, leases, _NOTHING, callbacks, keys, monitor)
    )
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
