"""What products are."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ProductId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class ProductDetails(BaseModel):
    """What is to be known of a product."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    description: str = Field("", max_length=2000)
    price_cents: int = Field(ge=0, le=10**9)


class Product(ProductDetails):
    """A product."""

    id: ProductId
