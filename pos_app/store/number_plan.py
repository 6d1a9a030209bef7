"""What is known of mainland mobile numbers, from the tables of libphonenumber."""

from __future__ import annotations

from pos_app.domain.entry import PhoneNumber
from pos_app.domain.errors import FieldInvalid

_DIGITS = 11
_CARRIERS = {
    "China Mobile": "mobile",
    "China Unicom": "unicom",
    "China Telecom": "telecom",
    "China Broadnet": "broadnet",
}


class LibraryNumberPlan:
    """Implements `ports/number_plan.NumberPlan`."""

    def check(self, digits: str) -> PhoneNumber:
        # Loaded when the first number is typed: the tables cost more than the whole till at its start.
        import phonenumbers
        from phonenumbers import carrier, geocoder

        is_shaped = len(digits) == _DIGITS and digits.isascii() and digits.isdigit()
        number = phonenumbers.PhoneNumber(country_code=86, national_number=int(digits) if is_shaped else 0)
        is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        if not is_shaped or not is_mobile:
            raise FieldInvalid(key="phone", validator="phone_cn")
        return PhoneNumber(
            digits,
            _CARRIERS.get(carrier.name_for_number(number, "en")),
            _place(geocoder.description_for_number(number, "zh"), "\u4e2d\u56fd"),
            _place(geocoder.description_for_number(number, "en"), "China"),
        )


def _place(found: str, whole_country: str) -> str:
    """The place; nothing when all that is known is the country."""
    return "" if found == whole_country else found
