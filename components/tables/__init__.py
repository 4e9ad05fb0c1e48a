"""DynamoDB tables, and what services must be allowed to use them."""

from components.tables.access import TableAccess, stream_statements, table_statements
from components.tables.args import TablesArgs
from components.tables.component import Tables
from components.tables.plan import TablesPlan, plan_tables
from components.tables.spec import TablesSpec

__all__ = [
    "TableAccess",
    "Tables",
    "TablesArgs",
    "TablesPlan",
    "TablesSpec",
    "plan_tables",
    "stream_statements",
    "table_statements",
]
