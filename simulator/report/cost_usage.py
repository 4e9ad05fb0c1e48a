"""Usage that a plan can't know, assumed here, once, and named on each line that rests on it."""

HOURS = 730
"""Hours of a month, as AWS's own calculator counts."""

LOG_GB = 5
NAT_GB = 100
BUCKET_GB = 100
TABLE_GB = 25
TABLE_READS, TABLE_WRITES = 10, 5
"""Millions of request units a month."""
IMAGES_GB = 10
REQUESTS = 1
"""Millions a month, of a queue, topic, function or API."""

TOKENS = 2
"""Thousands a month, of a machine client."""

SERIES = 100_000
"""Time series of a cluster with add-ons, mesh and a handful of services."""
SCRAPES = 60 * 60 * HOURS / 30
"""Samples of a series in a month, one each 30 seconds."""
SAMPLE_BYTES, SAMPLE_MONTHS = 2, 5
"""What a sample takes in a workspace, 1 or 2 bytes by https://aws.amazon.com/prometheus/pricing/,
and how long it is kept unless told otherwise, 150 days (2026-11)."""
