"""Prices, from the catalog."""

import asyncio
from collections.abc import Sequence
from typing import cast

from orders.models import Line
from platform_runtime.http import HttpClient
from platform_runtime.problems import Problem, Unavailable


async def total_cents(client: HttpClient, lines: Sequence[Line]) -> int:
    """Return the price of all lines.

    :raises Problem: 422 when there is no such product.
    :raises Unavailable: when the catalog does not answer.
    """
    products = sorted({line.product_id for line in lines})
    prices = await asyncio.gather(*(_price(client, product) for product in products))
    price = dict(zip(products, prices, strict=True))
    return sum(price[line.product_id] * line.quantity for line in lines)


async def _price(client: HttpClient, product: str) -> int:
    answer = await client.request("GET", f"/catalog/products/{product}")
    if answer.status_code == 404:
        raise Problem(422, f"product {product}: there is none", kind="unknown-product")
    if answer.status_code != 200:
        raise Unavailable(f"catalog: answered {answer.status_code}")
    return int(cast("dict[str, int]", answer.json())["price_cents"])
