"""How amounts are written."""

from simulator.report.cost import Line


def dollars(amount: float | None) -> str:
    """Return e.g. `$1,234.50`, or `unknown`."""
    return "unknown" if amount is None else f"${amount:,.2f}"


def whole_dollars(amount: float) -> str:
    """Return e.g. `$1,235`, rounded."""
    return f"${amount:,.0f}"


def change(amount: float) -> str:
    """Return e.g. `+$12.00`; a cent's rounding is no change."""
    if abs(amount) < 0.005:
        return "±$0.00"
    return f"{'+' if amount > 0 else '-'}${abs(amount):,.2f}"


def unit_price(line: Line) -> str:
    """Return e.g. `$0.048 / hour`, or nothing when it isn't known."""
    if line.price is None:
        return ""
    return f"${line.price.usd:.6f}".rstrip("0").rstrip(".") + f" / {line.price.unit}"


def unknown_prices(count: int) -> str:
    """Return e.g. `1 unknown price`."""
    return f"{count} unknown price{'' if count == 1 else 's'}"
