"""DynamoDB Local: Amazon's own server for tests, with the table `orders` as the stacks make it."""

from pathlib import Path

import boto3

from local.java import jars, java
from local.process import Process, listens, start

TABLE = "orders"
REGION = "eu-west-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
"""Of nobody: DynamoDB Local does not look at them."""


def start_tables(directory: Path, port: int, table: str = TABLE) -> Process:
    """Start it, with an empty table in memory."""
    main = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"
    options = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    process = start("tables", java(jars("tables"), main, *options), directory=directory)
    process.wait_until(listens(port), seconds=60)
    make_table(f"http://127.0.0.1:{port}", table)
    return process


def make_table(endpoint: str, table: str) -> None:
    """Make the table with the keys of `platform:tables` in the stack files."""
    client = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - of nobody
    )
    client.create_table(
        TableName=table,
        KeySchema=[
            {"AttributeName": "customer_id", "KeyType": "HASH"},
            {"AttributeName": "order_id", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "customer_id", "AttributeType": "S"},
            {"AttributeName": "order_id", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
