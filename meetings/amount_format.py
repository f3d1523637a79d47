"""Formatting of amounts of money for pages and documents."""

from decimal import Decimal


def format_amount(amount: Decimal | None) -> str:
    """Return an amount as 50万元, 3.5万元 or 300元, or an empty string for None.

    The unit 万元 is used from 10,000 on if the amount is a multiple of 100. The phrase is official Chinese and is not
    translated.
    """
    if amount is None:
        return ""
    if amount >= 10000 and amount % 100 == 0:
        return f"{(amount / 10000).normalize():f}万元"
    return f"{amount:,.2f}".removesuffix(".00") + "元"
