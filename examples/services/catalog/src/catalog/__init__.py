"""Catalog: products, read from the cache, then from search."""
