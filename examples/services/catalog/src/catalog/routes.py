"""The API of the catalog. What the cache has goes out as it is: it was checked when it was made."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from catalog.models import Product, ProductDetails, ProductId
from platform_runtime.auth import Principal, caller
from platform_runtime.cache import Cache
from platform_runtime.pagination import (
    Cursor,
    Limit,
    Page,
    bad_cursor,
    decode_cursor,
    encode_cursor,
)
from platform_runtime.problems import Problem
from platform_runtime.search import Search

INDEX = "products"
ORDER = ({"id.keyword": "asc"},)
PUBLIC = {"cache-control": "public, max-age=30"}

router = APIRouter(prefix="/catalog/products", tags=["catalog"])


class Resources:
    """What the routes work with."""

    def __init__(self, cache: Cache, search: Search) -> None:
        self.cache = cache
        self.search = search


def resources(request: Request) -> Resources:
    """Return what `start` opened."""
    return cast("Resources", request.app.state.resources)


Used = Annotated[Resources, Depends(resources)]


def _json(data: bytes) -> Response:
    return Response(data, media_type="application/json", headers=PUBLIC)


@router.get("/{product_id}", operation_id="get_product", response_model=Product)
async def get(product_id: ProductId, used: Used) -> Response:
    """Return a product."""

    async def load() -> bytes | None:
        found = await used.search.get(INDEX, product_id)
        return Product.model_validate(found).model_dump_json().encode() if found else None

    data = await used.cache.read(f"product:{product_id}", load)
    if data is None:
        raise Problem(404, "there is no such product", kind="not-found")
    return _json(data)


@router.get("", operation_id="list_products", response_model=Page[Product])
async def find(
    used: Used,
    q: Annotated[str, Query(max_length=100, description="Words of the name or description")] = "",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Return products, by id."""
    after = _position(cursor) if cursor else None

    async def load() -> bytes:
        return (await _page(used.search, q, limit, after)).model_dump_json().encode()

    query = hashlib.sha256(f"{limit}\n{after}\n{q}".encode()).hexdigest()
    return _json(await used.cache.read(f"page:{query}", load) or b"")


@router.put("/{product_id}", operation_id="put_product")
async def put(
    product_id: ProductId,
    details: ProductDetails,
    _: Annotated[Principal, caller("catalog/write")],
    used: Used,
) -> Product:
    """Store a product. Pages show it within a minute."""
    product = Product(id=product_id, **details.model_dump())
    await used.search.put(INDEX, product_id, product.model_dump())
    await used.cache.drop(f"product:{product_id}")
    return product


def _position(cursor: str) -> Sequence[str]:
    position = decode_cursor(cursor)
    if not isinstance(position, str):
        raise bad_cursor()
    return [position]


async def _page(search: Search, q: str, limit: int, after: Sequence[str] | None) -> Page[Product]:
    words = {"multi_match": {"query": q, "fields": ["name^2", "description"], "operator": "and"}}
    query = words if q.strip() else {"match_all": {}}
    found = await search.find(INDEX, query, sort=ORDER, after=after, size=limit + 1)
    items = [Product.model_validate(document) for document, _ in found[:limit]]
    more = found[limit - 1][1][0] if len(found) > limit else None
    return Page(items=items, next=encode_cursor(more) if more is not None else None)
