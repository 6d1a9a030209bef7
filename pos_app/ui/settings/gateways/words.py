"""Gateways, their fields, and the steps of a test payment in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.gateway import GatewaySetup, Standing
from pos_app.ui.wording.payments import ending, head

translate = QCoreApplication.translate

SKEW_THAT_MATTERS_S = 60


def gateway_name(name: str) -> str:
    return {
        "shouqianba": translate("Gateways", "Shouqianba"),
        "alipay": translate("Gateways", "Alipay"),
        "wechat": translate("Gateways", "WeChat Pay"),
        "lakala": translate("Gateways", "Lakala"),
    }.get(name, name)


def field_name(key: str) -> str:
    """What stands at a field: the word that the gateway's own pages use."""
    return {
        "address": translate("Gateways", "Address"),
        "vendor_sn": translate("Gateways", "Vendor number (vendor_sn)"),
        "vendor_key": translate("Gateways", "Vendor key (vendor_key)"),
        "app_id": translate("Gateways", "Application (app_id)"),
        "activation_code": translate("Gateways", "Activation code"),
        "device_id": translate("Gateways", "Device (a name for this till, never changed)"),
        "serial_no": translate("Gateways", "Serial number of our certificate"),
        "private_key": translate("Gateways", "Our private key"),
        "platform_certificate": translate("Gateways", "The platform's certificate"),
        "merchant_no": translate("Gateways", "Merchant number"),
        "term_no": translate("Gateways", "Terminal number"),
        "out_org_code": translate("Gateways", "Agency code"),
        "request_ip": translate("Gateways", "The shop's internet address (IP)"),
        "mode": translate("Gateways", "How both sides are known"),
        "alipay_public_key": translate("Gateways", "Alipay's public key"),
        "app_certificate": translate("Gateways", "Application certificate"),
        "alipay_root_certificate": translate("Gateways", "Alipay's root certificate"),
        "alipay_certificate": translate("Gateways", "Alipay's certificate"),
        "pay_product": translate("Gateways", "Product for scanned codes"),
        "qr_product": translate("Gateways", "Product for shown codes"),
        "store_id": translate("Gateways", "Store number"),
        "terminal_id": translate("Gateways", "Terminal"),
        "api": translate("Gateways", "Interface"),
        "appid": translate("Gateways", "Application (appid)"),
        "mchid": translate("Gateways", "Merchant number (mchid)"),
        "merchant_key": translate("Gateways", "Merchant's private key (apiclient_key.pem)"),
        "merchant_serial": translate("Gateways", "Serial number of the merchant's certificate"),
        "public_key": translate("Gateways", "WeChat Pay's public key"),
        "public_key_id": translate("Gateways", "Number of the public key"),
        "api_v3_key": translate("Gateways", "APIv3 key"),
        "api_v2_key": translate("Gateways", "APIv2 key"),
        "client_certificate": translate("Gateways", "Merchant's certificate (apiclient_cert.pem)"),
        "notify_url": translate("Gateways", "Address for notices, needed to show codes"),
        "out_id": translate("Gateways", "Store's own number"),
    }.get(key, key)


def choice_name(value: str) -> str:
    return {
        "key": translate("Gateways", "Keys"),
        "certificate": translate("Gateways", "Certificates"),
        "v3": "V3",
        "v2": "V2",
    }.get(value, value)


def state(setup: GatewaySetup) -> tuple[str, str]:
    """Tone and words of how a gateway stands here."""
    if setup.is_on and not setup.is_ready:
        return "danger", translate("Gateways", "on, but something is missing")
    if setup.is_on:
        return "ok", translate("Gateways", "on")
    if not setup.is_ready:
        return "second", translate("Gateways", "not filled in")
    return "second", translate("Gateways", "off")


def clock(setup: GatewaySetup) -> str:
    """Said of a clock that is off; empty when it agrees."""
    if abs(setup.clock_skew_s) <= SKEW_THAT_MATTERS_S:
        return ""
    text = translate(
        "Gateways",
        "This PC's clock is {n} min away from that of {name}. Set it right, or payments will be refused.",
    )
    return text.format(n=abs(setup.clock_skew_s) // 60, name=gateway_name(setup.name))


def steps(trial: Attempt | None) -> tuple[tuple[str, str], ...]:
    """Tone and sentence of each step of a test payment so far; None is one that is just being sent."""
    asked = ("ok", translate("Gateways", "0.01 is asked for."))
    if trial is None:
        return (asked,)
    taken = ("ok", translate("Gateways", "0.01 was taken."))
    if trial.state is AttemptState.SENT:
        return asked, ("warn", head(trial)[2])
    if trial.state is AttemptState.FAILED:
        return asked, ending(trial)
    if trial.state is AttemptState.REFUNDED:
        back = translate("Gateways", "It was given back. This gateway works.")
        return asked, taken, ("ok", back)
    if trial.state is AttemptState.REVERSED:
        undone = translate(
            "Gateways",
            "It was undone and nothing stays charged. That does not prove that it works: try once more.",
        )
        return asked, ("warn", undone)
    if trial.standing is Standing.PAID:
        return asked, taken, ("warn", translate("Gateways", "It is being given back."))
    undoing = translate("Gateways", "No clear word in time: it is being undone, nothing stays charged.")
    return asked, ("warn", undoing)
