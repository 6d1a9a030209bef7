"""What the settings are called, and what the doctor's findings mean."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pos_app.shop import Finding

translate = QCoreApplication.translate

# A language is called by its own name, so that whoever is lost in the other one finds it.
LANGUAGES = {"zh": "\u4e2d\u6587", "en": "English"}


def looks() -> dict[str, str]:
    return {
        "light": translate("Settings", "Light"),
        "dark": translate("Settings", "Dark"),
        "large": translate("Settings", "Large print"),
    }


def papers() -> dict[str, str]:
    return {"58": translate("Settings", "58 mm"), "80": translate("Settings", "80 mm")}


def printers() -> dict[str, str]:
    return {
        "network": translate("Settings", "Network"),
        "usb": translate("Settings", "USB"),
        "serial": translate("Settings", "Serial port"),
        "spooler": translate("Settings", "Windows printer"),
        "file": translate("Settings", "Into a file"),
        "virtual": translate("Settings", "On the screen only"),
        "none": translate("Settings", "No printer"),
    }


def address_hint(printer: str) -> str:
    """What has to be typed for that kind of printer."""
    return {
        "network": translate("Settings", "Address and port, as 192.168.1.50:9100"),
        "usb": translate("Settings", "Vendor and product id, as 04b8:0e15"),
        "serial": translate("Settings", "Port, as COM3 or /dev/ttyUSB0"),
        "spooler": translate("Settings", "Name of the printer in Windows"),
        "file": translate("Settings", "Path of the file"),
    }.get(printer, "")


def panels() -> dict[str, str]:
    return {
        "look": translate("Settings", "Language and look"),
        "printer": translate("Settings", "Printer"),
        "payment": translate("Settings", "Payment"),
        "offline": translate("Settings", "Selling offline"),
        "people": translate("Settings", "People"),
        "backups": translate("Settings", "Backups"),
        "about": translate("Settings", "About"),
    }


def finding_text(finding: Finding) -> str:
    """A finding in words; what was seen is added where something does not hold."""
    number = finding.invariant.split(" ", 1)[0]
    words = {
        "file": translate("Settings", "The till's file is sound"),
        "I1": translate("Settings", "Every code belongs to one sale only"),
        "I2": translate("Settings", "Every paid sale was paid in full"),
        "I3": translate("Settings", "No code went out without money"),
        "I4": translate("Settings", "No paid sale was forgotten"),
        "I6": translate("Settings", "Every line has exactly its codes"),
        "I9": translate("Settings", "No more went back than came in"),
        "I14": translate("Settings", "The receipt numbers have no gap"),
        "I15": translate("Settings", "The ledger is unbroken"),
        "I19": translate("Settings", "The platform holds what it said it holds"),
        "payments": translate("Settings", "The ledger tells of every payment"),
        "backups": translate("Settings", "The backups can be read"),
    }.get(number, finding.invariant)
    return words if finding.holds else f"{words}: {finding.seen}"
