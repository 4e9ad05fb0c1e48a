"""AWS Backup."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request

NAME_LIMIT = 50
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html (2026-11)"""

COLD_DAYS = 90
"""What goes to cold storage stays there for at least so long.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html (2026-11)
"""

CONTINUOUS_DAYS = 35
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html (2026-11)"""

SHORTEST_WINDOW = 60
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html (2026-11)"""

LONGEST_RETENTION = 36500
SHORTEST_COOLING_OFF = 3
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
(2026-11)"""


def _number(values: Json, key: str) -> float | None:
    value = values.get(key)
    return value if isinstance(value, int | float) else None


def _part(values: Json, key: str) -> Json:
    return cast("Json", values.get(key) or {})


def _refuse_plan(request: Request) -> Iterable[str]:
    for index, rule in enumerate(cast("list[Json]", request.inputs.get("rules") or [])):
        path = f"rules[{index}]"
        yield from _refuse_lifecycle(_part(rule, "lifecycle"), f"{path}.lifecycle")
        for number, copy in enumerate(cast("list[Json]", rule.get("copyActions") or [])):
            lifecycle = _part(copy, "lifecycle")
            yield from _refuse_lifecycle(lifecycle, f"{path}.copyActions[{number}].lifecycle")
        start, end = _number(rule, "startWindow"), _number(rule, "completionWindow")
        if start is not None and start < SHORTEST_WINDOW:
            yield f"{path}.startWindow: is {start:g}, {SHORTEST_WINDOW} minutes or more allowed"
        if start is not None and end is not None and end < start + SHORTEST_WINDOW:
            yield f"{path}.completionWindow: {SHORTEST_WINDOW} minutes or more over startWindow"
        days = _number(_part(rule, "lifecycle"), "deleteAfter")
        if rule.get("enableContinuousBackup") is True and not 1 <= (days or 0) <= CONTINUOUS_DAYS:
            yield f"{path}.lifecycle.deleteAfter: continuous backups: 1 to {CONTINUOUS_DAYS} days"


def _refuse_lifecycle(lifecycle: Json, path: str) -> Iterator[str]:
    cold, days = _number(lifecycle, "coldStorageAfter"), _number(lifecycle, "deleteAfter")
    if cold is not None and days is not None and days < cold + COLD_DAYS:
        yield f"{path}.deleteAfter: must be at least {COLD_DAYS} days after coldStorageAfter"


def _refuse_lock(request: Request) -> Iterable[str]:
    least = _number(request.inputs, "minRetentionDays")
    most = _number(request.inputs, "maxRetentionDays")
    cooling = _number(request.inputs, "changeableForDays")
    if least is not None and least < 1:
        yield "minRetentionDays: at least 1 day"
    if most is not None and not max(1, least or 1) <= most <= LONGEST_RETENTION:
        yield f"maxRetentionDays: from minRetentionDays to {LONGEST_RETENTION} days"
    if cooling is not None and cooling < SHORTEST_COOLING_OFF:
        yield f"changeableForDays: at least {SHORTEST_COOLING_OFF} days"


def _plan_version(request: Request, salt: str = "") -> str:
    return request.token(48, f"version{salt}")


def _vault_arn(request: Request) -> str:
    return request.arn("backup", f"backup-vault:{request.text('backupVaultName')}")


def _of_vault(
    *replaces: str,
    api: ApiCall | None = None,
    refuses: Callable[[Request], Iterable[str]] = lambda _: (),
) -> Model:
    """Return the model of what a vault has one of."""
    return Model(
        identity=lambda r: r.text("backupVaultName"),
        outputs=lambda r: {"backupVaultArn": _vault_arn(r)},
        replaces=frozenset({"backupVaultName", *replaces}),
        api=api,
        refuses=refuses,
    )


MODELS: Mapping[str, Model] = {
    "aws:backup/vault:Vault": Model(
        outputs=lambda r: {"arn": r.arn("backup", f"backup-vault:{r.id}"), "recoveryPoints": 0},
        replaces=frozenset({"kmsKeyArn", "name"}),
        autoname=AutoName(limit=NAME_LIMIT),
        api=ApiCall("backup", "CreateBackupVault", (("name", "backupVaultName"),)),
    ),
    # The API could change locks and notifications, the provider can't: it has no update of them
    # in internal/service/backup (2026-11).
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": _of_vault(
        *("changeableForDays", "maxRetentionDays", "minRetentionDays"), refuses=_refuse_lock
    ),
    "aws:backup/vaultNotifications:VaultNotifications": _of_vault(
        *("backupVaultEvents", "snsTopicArn"), api=ApiCall("backup", "PutBackupVaultNotifications")
    ),
    "aws:backup/vaultPolicy:VaultPolicy": _of_vault(),
    "aws:backup/plan:Plan": Model(
        identity=lambda r: r.uuid(),
        outputs=lambda r: {
            "arn": r.arn("backup", f"backup-plan:{r.id}"),
            "version": _plan_version(r),
        },
        updates=lambda r, _: {"version": _plan_version(r, repr(r.inputs.get("rules")))},
        replaces=frozenset({"name"}),
        autoname=AutoName(limit=NAME_LIMIT),
        refuses=_refuse_plan,
    ),
    "aws:backup/selection:Selection": Model(
        identity=lambda r: r.uuid(),
        # there is no API that changes a selection
        replaces=frozenset(
            {
                *("conditions", "iamRoleArn", "name", "notResources", "planId", "resources"),
                "selectionTags",
            }
        ),
        autoname=AutoName(limit=NAME_LIMIT),
    ),
}
