"""Makes the EAN-13 barcodes that a shop may give itself (prefixes 20 to 29)."""

SHELVES = 10
NUMBERS = 10**10


def in_store_barcode(shelf: int, number: int) -> str:
    """The barcode of an article number under prefix 2`shelf`, check digit included."""
    if not 0 <= shelf < SHELVES or not 0 <= number < NUMBERS:
        raise ValueError("a shelf is one digit and an article number at most ten")
    digits = f"2{shelf}{number:010d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The thirteenth digit: odd places weigh 1, even places 3, and all must add up to a multiple of ten."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)
