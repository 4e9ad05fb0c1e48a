"""The price table: `prices.csv`, each price with its unit, region, source and date."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "prices.csv"

EVERYWHERE = "*"
"""The region of a price that is the same in all of them."""


@dataclass(frozen=True)
class Price:
    """What one unit costs, on demand and before taxes, in US dollars."""

    key: str
    usd: float
    unit: str
    region: str
    source: str
    date: str
    """When the source said so."""

    def holds_in(self, region: str) -> bool:
        """Tell whether it is that region's own price."""
        return self.region in (EVERYWHERE, region)


@dataclass(frozen=True)
class Prices:
    by_key: Mapping[str, Mapping[str, Price]]
    """By key, then by region."""

    def find(self, key: str, region: str) -> Price | None:
        """Return the region's price, else another region's, else None.

        A price of elsewhere does not `holds_in(region)`; whoever shows it says so.
        """
        regions = self.by_key.get(key, {})
        return regions.get(region) or regions.get(EVERYWHERE) or next(iter(regions.values()), None)


@cache
def price_table() -> Prices:
    """Read the table."""
    by_key: dict[str, dict[str, Price]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            price = Price(
                row["key"],
                float(row["usd"]),
                row["unit"],
                row["region"],
                row["source"],
                row["date"],
            )
            by_key.setdefault(price.key, {})[price.region] = price
    return Prices(by_key)
