"""The commands about tills, their keys, and what shops are told."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.actions import Authority
from platform_server.domain.key_file import key_file
from platform_server.domain.till_keys import TillKey

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform


def add_commands(commands: Any) -> None:
    """tills list|revoke, keys list|revoke|export, events list|redeliver|endpoint."""

    def group(name: str, words: str) -> Any:
        made = commands.add_parser(name, help=words, description=words)
        return made.add_subparsers(dest="action", required=True)

    def action(of: Any, name: str, work: Callable[..., int], words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = with_data(of.add_parser(name, help=words, description=words))
        made.add_argument("--shop", metavar="ID", help="default: the first shop")
        made.set_defaults(work=work)
        return made

    tills = group("tills", "a shop's tills")
    action(tills, "list", _list_tills, "tell every till of a shop")
    revoke = action(tills, "revoke", _revoke_till, "refuse a till from now on, for good")
    _with_authority(revoke).add_argument("code")
    keys = group("keys", "the keys that tills sign with")
    action(keys, "list", _list_keys, "tell every key of a shop's tills")
    words = (
        "write the public keys of a shop's tills and of the platform, for whoever checks receipts and ledgers"
    )
    action(keys, "export", _export_keys, words)
    revoke = action(keys, "revoke", _revoke_key, "refuse a key from now on, for good")
    _with_authority(revoke).add_argument("keyid")
    events = group("events", "what shops are told")
    listing = action(events, "list", _list_events, "tell a shop's events in order")
    listing.add_argument("--after", type=int, default=0, metavar="SEQ")
    again = action(events, "redeliver", _redeliver, "tell a shop again, also one that was parked")
    again.add_argument("--from", type=int, required=True, metavar="SEQ", dest="first")
    endpoint = action(events, "endpoint", _endpoint, "say where a shop wants to be called")
    endpoint.add_argument("--url", help="none: nowhere any more")


def _with_authority(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("--actor", required=True, help="who does it")
    made.add_argument("--reason", required=True, help="why")
    made.add_argument("--authoriser", help="a second person who stands for it")
    return made


def _list_tills(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        for till, keys in await platform.doors.list_tills(await _shop(platform, chosen)):
            say(f"{till.code} {till.state.value} epoch {till.epoch} keys {len(keys)} {till.id} {till.name}")
        return 0

    return with_platform(chosen, work)


def _revoke_till(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        by = Authority(chosen.actor, chosen.reason, chosen.authoriser)
        till = await platform.doors.revoke_till(await _shop(platform, chosen), chosen.code, by)
        say(f"{till.code} {till.state.value}")
        return 0

    return with_platform(chosen, work)


def _list_keys(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        for till, keys in await platform.doors.list_tills(await _shop(platform, chosen)):
            for key in keys:
                say(f"{till.code} {key.keyid} {_state(key)} {','.join(sorted(key.scopes))}")
        return 0

    return with_platform(chosen, work)


def _export_keys(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        shop_id = await _shop(platform, chosen)
        tills = await platform.doors.list_tills(shop_id)
        say(json.dumps(key_file(shop_id, tills, platform.doors.public_keys), indent=2))
        return 0

    return with_platform(chosen, work)


def _revoke_key(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        by = Authority(chosen.actor, chosen.reason, chosen.authoriser)
        key = await platform.doors.revoke_key(chosen.keyid, by)
        say(f"{key.keyid} {_state(key)}")
        return 0

    return with_platform(chosen, work)


def _list_events(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        told = await platform.doors.read_events(await _shop(platform, chosen), chosen.after, None)
        for each in told.events:
            words = " ".join(f"{name}={value}" for name, value in each.event.body.items())
            say(f"{each.seq} {each.at:%Y-%m-%dT%H:%M:%SZ} {each.event.kind.value} {words}".rstrip())
        say(f"the last event is {told.last_seq}")
        return 0

    return with_platform(chosen, work)


def _redeliver(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        again = await platform.doors.redeliver(await _shop(platform, chosen), chosen.first)
        say(f"{again.last_seq - again.delivered_seq} events will be told again to {again.url}")
        return 0

    return with_platform(chosen, work)


def _endpoint(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        callback = await platform.doors.set_callback.of_shop(await _shop(platform, chosen), chosen.url)
        say(f"called at {callback.url}" if callback.url else "not called")
        return 0

    return with_platform(chosen, work)


async def _shop(platform: Platform, chosen: argparse.Namespace) -> str:
    if chosen.shop:
        return str(chosen.shop)
    shop, _ = await platform.open_shop("My shop / \u6211\u7684\u5c0f\u5e97", "CNY")
    return shop.id


def _state(key: TillKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%dT%H:%M:%SZ}"
    return "good" if key.not_after is None else f"good until {key.not_after:%Y-%m-%dT%H:%M:%SZ}"
