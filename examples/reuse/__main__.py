"""Orders' table and bucket: a program of its own that takes two components as a library."""

import pulumi

from components.storage import Storage, StorageArgs
from components.tables import Tables, TablesArgs

config = pulumi.Config()
tags = {
    "project": pulumi.get_project(),
    "environment": config.get("environment", "dev"),
    "owner": "orders-team",
}

tables = Tables(
    "tables",
    TablesArgs(
        tables={"orders": {"hash_key": {"name": "customerId"}, "range_key": {"name": "orderId"}}},
        tags=tags,
    ),
)
storage = Storage(
    "storage",
    StorageArgs(buckets={"invoices": {"expire_days": 3650}}, tags=tags),
)

pulumi.export("ordersTable", tables.table_names["orders"])
pulumi.export("ordersTableArn", tables.table_arns["orders"])
pulumi.export("invoicesBucket", storage.bucket_names["invoices"])
