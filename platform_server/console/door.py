"""In and out: the sign-in page, the session cookie, the first password, the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.middleware import Middleware
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette_admin.auth import AdminUser, AuthMiddleware, BaseAuthProvider
from starlette_admin.helpers import safe_redirect_url

from platform_server.console.desk import LANGUAGE_COOKIE, Desk, admission_of, language_of
from platform_server.domain.errors import NotAdmitted
from platform_server.domain.operators import LANGUAGES
from platform_server.flows.sign_in import Attempt

COOKIE = "console"
HOME = "/admin/"
_PATH = "/admin"
_OWN_PAGE = "/admin/password"
_ALWAYS = (_OWN_PAGE, "/admin/logout", "/admin/language", "/admin/login")
_YEAR_S = 31_536_000


@dataclass
class SignedIn(AdminUser):
    """How starlette-admin names the operator."""


class FirstPassword(AuthMiddleware):
    """Whoever still has the password they were handed sees one page only."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        async def go_on(inner: Request) -> Response:
            admission = admission_of(inner)
            path = inner.url.path
            if admission is None or not admission.operator.must_change or path in _ALWAYS:
                return await call_next(inner)
            if path.startswith(("/admin/static/", "/admin/fonts/")):
                return await call_next(inner)
            return RedirectResponse(_OWN_PAGE, 303)

        return await super().dispatch(request, go_on)


class Door(BaseAuthProvider):
    """Knows an operator by a signed cookie whose session stands in the books."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(allow_routes=["language", "fonts"])
        self._desk = desk
        self._cookie = URLSafeSerializer(desk.cookie_key, salt="console-session")

    def get_middleware(self) -> Middleware:
        return Middleware(FirstPassword, provider=self)

    def get_routes(self, templates: Jinja2Templates) -> list[Route]:
        self._templates = templates
        return [
            Route("/login", self._login, methods=["GET", "POST"], name="login"),
            Route("/logout", self._logout, methods=["POST"], name="logout"),
            Route("/language", self._language, methods=["POST"], name="language"),
            Route("/password", self._password, methods=["GET", "POST"], name="password"),
        ]

    def is_known(self, cookies: str) -> bool:
        """Whether a cookie header holds a session that we signed, whatever became of it."""
        try:
            self._cookie.loads(cookie_parser(cookies).get(COOKIE, ""))
        except BadSignature:
            return False
        return True

    async def authenticate(self, request: Request) -> AdminUser | None:
        """The session's operator; None for a cookie that is missing, altered, ended or from another browser."""
        request.state.admission = None
        try:
            token = self._cookie.loads(request.cookies.get(COOKIE, ""))
        except BadSignature:
            return None
        admission = await self._desk.door.find(str(token), request.headers.get("user-agent", ""))
        request.state.admission = admission
        return None if admission is None else SignedIn(admission.operator.name)

    async def _login(self, request: Request) -> Response:
        if request.method == "GET":
            if admission_of(request) is not None:
                return RedirectResponse(HOME, 303)
            return self._page(request, "login.html")
        form = await request.form()
        typed = {name: str(form.get(name, "")) for name in ("name", "password", "code")}
        attempt = Attempt(**typed, agent=request.headers.get("user-agent", ""))
        try:
            token = await self._desk.door.sign_in(attempt)
        except NotAdmitted:
            facts = {"error": "login.wrong", "name": typed["name"][:80]}
            return self._page(request, "login.html", 401, **facts)
        goal = safe_redirect_url(request.query_params.get("next") or HOME, request, HOME)
        response = RedirectResponse(goal, 303)
        is_secure = request.url.scheme == "https"
        value = str(self._cookie.dumps(token))
        response.set_cookie(COOKIE, value, path=_PATH, secure=is_secure, httponly=True, samesite="strict")
        return response

    async def _logout(self, request: Request) -> Response:
        admission = admission_of(request)
        if admission is not None:
            await self._desk.door.sign_out(admission)
        response = RedirectResponse("/admin/login", 303)
        response.delete_cookie(COOKIE, path=_PATH)
        return response

    async def _language(self, request: Request) -> Response:
        form = await request.form()
        wanted = str(form.get("language", ""))
        goal = safe_redirect_url(str(form.get("next", "")) or HOME, request, HOME)
        response = RedirectResponse(goal, 303)
        if wanted in LANGUAGES:
            admission = admission_of(request)
            if admission is not None:
                await self._desk.door.speak_to(admission.operator.name, wanted)
            response.set_cookie(
                LANGUAGE_COOKIE, wanted, _YEAR_S, path=_PATH, httponly=True, samesite="strict"
            )
        return response

    async def _password(self, request: Request) -> Response:
        admission = admission_of(request)
        if admission is None:  # the middleware lets nobody else come here
            return RedirectResponse("/admin/login", 303)
        facts = {"is_first": admission.operator.must_change}
        if request.method == "GET":
            return self._page(request, "password.html", **facts)
        form = await request.form()
        present, wanted, again = (str(form.get(name, "")) for name in ("present", "wanted", "again"))
        if wanted != again:
            return self._page(request, "password.html", 422, error="password.differ", **facts)
        try:
            await self._desk.door.change_password(admission, present, wanted)
        except NotAdmitted:
            return self._page(request, "password.html", 422, error="password.wrong", **facts)
        except ValueError:
            return self._page(request, "password.html", 422, error="password.easy", **facts)
        return RedirectResponse(HOME, 303)

    def _page(self, request: Request, template: str, status: int = 200, **facts: Any) -> Response:
        request.state.language = language_of(request)
        context = {"flashed_messages": [], **facts}
        return self._templates.TemplateResponse(request, template, context, status_code=status)
