"""The lists and single things as starlette-admin's views; what they find comes from our flows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette_admin.fields import StringField
from starlette_admin.views import BaseModelView

from platform_server.console.desk import Desk, language_of, may
from platform_server.console.pages import ListPage
from platform_server.domain.errors import NotFound
from platform_server.domain.overview import COUNTED, Row, Wanted

PAGE = 50
_LONGEST_TEXT = 100


class ListView(BaseModelView):
    """One noun: read only; whatever changes something is a page of its own."""

    pk_attr = "row_id"
    page_size = PAGE
    page_size_options = (PAGE,)
    exporters = ()
    importers = ()
    actions = ()
    row_actions = ()

    def __init__(self, desk: Desk, page: ListPage) -> None:
        self.key = page.noun.value
        self.page = page
        self.fields = [StringField("row_id"), *(StringField(name) for name in page.columns)]
        self.searchable_fields = ()
        self.sortable_fields = ()
        self._desk = desk
        super().__init__()

    def title(self, request: Request) -> str:
        return self._desk.words.say(language_of(request), f"noun.{self.key}")

    def is_accessible(self, request: Request) -> bool:
        return may(request, self.page.right)

    def can_create(self, request: Request) -> bool:
        return False

    def can_edit(self, request: Request) -> bool:
        return False

    def can_delete(self, request: Request) -> bool:
        return False

    def can_export(self, request: Request) -> bool:
        return False

    def can_import(self, request: Request) -> bool:
        return False

    async def find_all(
        self,
        request: Request,
        skip: int = 0,
        limit: int = PAGE,
        q: str | None = None,
        sorts: Sequence[tuple[str, str]] | None = None,
        filters: Any = None,
    ) -> Sequence[Row]:
        """A page of rows; what the address says beside text, state and owner has no effect."""
        state = request.query_params.get("state", "")
        wanted = Wanted(
            text=(q or "").strip()[:_LONGEST_TEXT],
            state=state if state in self.page.states else "",
            of=request.query_params.get("of", "")[:_LONGEST_TEXT],
            skip=min(skip, COUNTED),
            limit=limit,
        )
        found = await self._desk.flows.browse(self.page.noun, wanted)
        request.state.wanted, request.state.total = wanted, found.total
        return found.rows

    async def count(self, request: Request, q: str | None = None, filters: Any = None) -> int:
        """As find_all found it."""
        return int(request.state.total)

    async def find_by_pk(self, request: Request, pk: Any) -> Row | None:
        try:
            return await self._desk.flows.look_at(self.page.noun, str(pk)[:_LONGEST_TEXT])
        except NotFound:
            return None

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Row]:
        """Nothing is done to several at once."""
        return ()

    async def create(self, request: Request, data: dict[str, Any]) -> Any:
        """Never: what makes or changes something is an act, with its own right and record."""
        raise HTTPException(403)

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        """Never."""
        raise HTTPException(403)

    async def delete(self, request: Request, pks: list[Any]) -> int | None:
        """Never."""
        raise HTTPException(403)

    async def serialize(
        self,
        obj: Row,
        request: Request,
        include_relationships: bool = True,
        include_select2: bool = False,
    ) -> dict[str, Any]:
        """The cells as they are: the templates say them."""
        return {"row_id": obj.id, "row": obj}
