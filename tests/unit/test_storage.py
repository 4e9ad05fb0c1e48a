"""What a storage accepts and refuses, and what it registers."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pytest

from components._base.errors import InvalidInput
from components._base.iam import Statement, document
from components.storage import (
    Bucket,
    BucketAccess,
    Storage,
    StorageArgs,
    bucket_statements,
    plan_storage,
)
from tests.harness import Recorder, Registration, build
from tests.iam_lint import lint

BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
KINDS = {
    "encryption": "ServerSideEncryptionConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "lock": "ObjectLockConfiguration",
    "logging": "Logging",
    "ownership": "OwnershipControls",
    "policy": "Policy",
    "private": "PublicAccessBlock",
    "versioning": "Versioning",
}

TLS_VERSION = frozenset({"MISMATCHED_TYPE", "UNKNOWN_CONDITION_FOR_ACTION"})
"""parliament takes whole numbers only, and has s3:TlsVersion with few of the actions.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html (2026-11)
"""

Json = Mapping[str, object]


def kind(suffix: str) -> str:
    return f"aws:s3/bucket{KINDS[suffix]}:Bucket{KINDS[suffix]}"


def storage(name: str = "storage", **args: object) -> Recorder[Storage]:
    return build(lambda: Storage(name, cast("StorageArgs", args)))


@functools.cache
def default() -> Recorder[Storage]:
    return storage(buckets={"uploads": {}, "exports": {}})


@functools.cache
def full() -> Recorder[Storage]:
    return storage(
        buckets={
            "records": {
                "object_lock": {"mode": "compliance", "days": 365},
                "backup": "daily",
                "noncurrent_days": 400,
                "transitions": [
                    {"after_days": 30, "storage_class": "STANDARD_IA"},
                    {"after_days": 90, "storage_class": "GLACIER"},
                ],
                "expire_days": 2555,
            },
            "scratch": {"versioning": False, "access_logs": False, "expire_days": 7},
        },
        protect=True,
        tags={"team": "core"},
    )


def setting(cloud: Recorder[Storage], bucket: str, suffix: str) -> Registration:
    return cloud.one(kind(suffix), f"storage-{bucket}-{suffix}")


def rules(cloud: Recorder[Storage], bucket: str) -> dict[str, Json]:
    found = cast("list[Json]", setting(cloud, bucket, "lifecycle").inputs["rules"])
    return {str(rule["id"]): rule for rule in found}


def statements(policy: object) -> dict[str, Json]:
    parsed = cast("dict[str, list[Json]]", json.loads(str(policy)))
    return {str(statement["Sid"]): statement for statement in parsed["Statement"]}


# What is accepted


def problems(**args: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        plan_storage(cast("StorageArgs", args))
    return [str(problem) for problem in caught.value.problems]


def bucket_problems(**bucket: object) -> list[str]:
    return problems(buckets={"b": bucket})


def steps(*pairs: tuple[int, str]) -> list[dict[str, object]]:
    return [{"after_days": days, "storage_class": target} for days, target in pairs]


def test_defaults_are_fit_for_production() -> None:
    plan = plan_storage({"buckets": {"uploads": {}}})
    bucket = plan.buckets["uploads"]
    assert (bucket.versioning, bucket.noncurrent_days, bucket.abort_uploads_days) == (True, 90, 7)
    assert (bucket.expire_days, bucket.transitions, bucket.object_lock) == (None, (), None)
    assert (bucket.force_destroy, bucket.backup, bucket.access_logs) == (False, None, True)
    assert plan.log_bucket
    assert (plan.log_bucket.expire_days, plan.log_bucket.versioning) == (365, True)
    assert plan.log_bucket.access_logs is False
    assert plan.protect is False


def test_without_logs_there_is_no_bucket_for_them() -> None:
    assert plan_storage({"buckets": {"b": {"access_logs": False}}}).log_bucket is None


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            steps((29, "STANDARD_IA")),
            "buckets.b.transitions: STANDARD_IA takes objects of 30 days or more",
        ),
        (
            steps((30, "STANDARD_IA"), (59, "GLACIER_IR")),
            (
                "buckets.b.transitions: objects stay in STANDARD_IA until day 60; "
                "GLACIER_IR after 59 days is too early"
            ),
        ),
        (
            steps((4, "GLACIER_IR"), (20, "DEEP_ARCHIVE")),
            (
                "buckets.b.transitions: objects stay in GLACIER_IR until day 94; "
                "DEEP_ARCHIVE after 20 days is too early"
            ),
        ),
        (
            steps((30, "GLACIER"), (200, "STANDARD_IA")),
            "buckets.b.transitions: STANDARD_IA can't follow GLACIER; allowed: DEEP_ARCHIVE",
        ),
        (
            steps((1, "DEEP_ARCHIVE"), (200, "GLACIER")),
            "buckets.b.transitions: GLACIER can't follow DEEP_ARCHIVE; allowed: nothing",
        ),
        (
            steps((1, "INTELLIGENT_TIERING"), (1, "GLACIER")),
            (
                "buckets.b.transitions: objects stay in INTELLIGENT_TIERING until day 2; "
                "GLACIER after 1 days is too early"
            ),
        ),
    ],
)
def test_objects_go_downhill_only(given: list[dict[str, object]], problem: str) -> None:
    assert bucket_problems(transitions=given) == [problem]


@pytest.mark.parametrize(
    "given",
    [
        steps((30, "STANDARD_IA"), (60, "GLACIER_IR"), (150, "DEEP_ARCHIVE")),
        steps((0, "INTELLIGENT_TIERING"), (30, "ONEZONE_IA"), (60, "GLACIER")),
        steps((0, "GLACIER"), (90, "DEEP_ARCHIVE")),
    ],
)
def test_allowed_ways_down(given: list[dict[str, object]]) -> None:
    plan = plan_storage(cast("StorageArgs", {"buckets": {"b": {"transitions": given}}}))
    assert len(plan.buckets["b"].transitions) == len(given)


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        ({"buckets": {}}, "buckets: one bucket or more is needed"),
        (
            {"buckets": {"My_Bucket": {}, "a--b": {}}},
            "buckets: no short names of small letters, digits and hyphens: My_Bucket, a--b",
        ),
        (
            {"buckets": {"access-logs": {}}},
            "buckets: access-logs is the name of the bucket that holds the others' logs",
        ),
        (
            {"buckets": {"b": {"force_destroy": True}}, "protect": True},
            "protect and force_destroy exclude each other: buckets.b",
        ),
        (
            {"buckets": {"b": {}}, "access_logs": {"force_destroy": True}, "protect": True},
            "protect and force_destroy exclude each other: access_logs",
        ),
        (
            {"buckets": {"b": {"versioning": False, "backup": "daily"}}},
            "buckets.b: AWS Backup needs versions: versioning can't be false with backup",
        ),
        (
            {
                "buckets": {
                    "b": {"versioning": False, "object_lock": {"mode": "governance", "days": 1}}
                }
            },
            "buckets.b: object_lock locks versions: versioning can't be false",
        ),
        (
            {"buckets": {"b": {"expire_days": 30, "transitions": steps((30, "GLACIER"))}}},
            (
                "buckets.b.expire_days: 30 is not valid: must be after the last transition, which "
                "is on day 30"
            ),
        ),
        (
            {"buckets": {"b": {"object_lock": {"mode": "legal", "days": 1}}}},
            (
                "buckets.b.object_lock.mode: 'legal' is not valid: allowed: 'governance' or "
                "'compliance'"
            ),
        ),
        (
            {"buckets": {"b": {"public": True}}},
            (
                "buckets.b.public: unknown key; allowed: abort_uploads_days, access_logs, backup, "
                "expire_days, force_destroy, noncurrent_days, object_lock, transitions, versioning"
            ),
        ),
    ],
)
def test_wrong_input_is_named(args: dict[str, object], wanted: str) -> None:
    assert problems(**args) == [wanted]


def test_a_logical_name_of_which_no_bucket_name_can_be_made_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'Files' is not valid: small letters, digits"):
        plan_storage({"buckets": {"b": {}}}, "Files")


# What is registered


def test_default_storage_has_exactly_these_resources() -> None:
    counts = {suffix: len(default().all(kind(suffix))) for suffix in KINDS}
    assert counts == {
        **dict.fromkeys(KINDS, 3),  # uploads, exports and the log bucket
        "lock": 0,
        "logging": 2,
    }
    assert [r.name for r in default().all(BUCKET)] == [
        *("storage-access-logs", "storage-exports", "storage-uploads")
    ]
    assert len(default().all(KEY)) == 1
    component = default().one("fastapi-platform:index:Storage")
    assert all(component in r.ancestors for r in default().resources if r is not component)


def test_every_bucket_is_private_and_without_acls() -> None:
    for cloud in (default(), full()):
        for bucket in cloud.all(BUCKET):
            own = cloud.named(f"{bucket.name}-private").inputs
            switches = {key: value for key, value in own.items() if key != "bucket"}
            assert switches == {
                "blockPublicAcls": True,
                "blockPublicPolicy": True,
                "ignorePublicAcls": True,
                "restrictPublicBuckets": True,
            }
            rule = cloud.named(f"{bucket.name}-ownership").inputs["rule"]
            assert rule == {"objectOwnership": "BucketOwnerEnforced"}
            assert not {"acl", "corsRules", "policy", "website"} & bucket.inputs.keys()


def test_objects_are_encrypted_with_the_storages_key_through_a_bucket_key() -> None:
    (rule,) = cast("list[Json]", setting(default(), "uploads", "encryption").inputs["rules"])
    default_encryption = cast("Json", rule["applyServerSideEncryptionByDefault"])
    assert default_encryption["sseAlgorithm"] == "aws:kms"
    assert default_encryption["kmsMasterKeyId"] == default().output(default().result.key_arn)
    assert rule["bucketKeyEnabled"] is True


def test_keys_of_the_requester_are_refused_in_every_bucket() -> None:
    for encryption in full().all(kind("encryption")):
        (rule,) = cast("list[Json]", encryption.inputs["rules"])
        assert rule["blockedEncryptionTypes"] == ["SSE-C"]


def test_log_bucket_has_the_only_encryption_that_log_delivery_takes() -> None:
    (rule,) = cast("list[Json]", setting(default(), "access-logs", "encryption").inputs["rules"])
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert rule["bucketKeyEnabled"] is False
    assert "objectLockEnabled" not in default().one(BUCKET, "storage-access-logs").inputs


def test_every_bucket_refuses_http_and_old_tls() -> None:
    for policy in default().all(kind("policy")):
        found = statements(policy.inputs["policy"])
        arn = f"arn:aws:s3:::{policy.inputs['bucket']}"
        for sid, condition in (
            ("TlsOnly", {"Bool": {"aws:SecureTransport": "false"}}),
            ("NoOldTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        ):
            assert found[sid] == {
                "Sid": sid,
                "Effect": "Deny",
                "Action": ["s3:*"],
                "Principal": {"AWS": ["*"]},
                "Resource": [arn, f"{arn}/*"],
                "Condition": condition,
            }
        # a denial of everything gives nobody a right, and Security Hub's S3.5 asks for it
        assert lint(str(policy.inputs["policy"]), allowed=TLS_VERSION) == [
            "WILDCARD_ACTION: TlsOnly: s3:*",
            "WILDCARD_ACTION: NoOldTls: s3:*",
        ]


def test_only_these_buckets_logs_are_delivered() -> None:
    found = statements(setting(default(), "access-logs", "policy").inputs["policy"])
    assert set(found) == {"AccessLogs", "TlsOnly", "NoOldTls"}
    arns = cast("dict[str, str]", default().output(default().result.bucket_arns))
    assert found["AccessLogs"]["Principal"] == {"Service": ["logging.s3.amazonaws.com"]}
    assert found["AccessLogs"]["Action"] == ["s3:PutObject"]
    assert found["AccessLogs"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": [arns["exports"], arns["uploads"]]},
    }


def test_requests_are_logged_once_they_may_be() -> None:
    logging = setting(default(), "uploads", "logging")
    assert logging.inputs["targetPrefix"] == "uploads/"
    assert logging.inputs["targetObjectKeyFormat"] == {
        "partitionedPrefix": {"partitionDateSource": "EventTime"}
    }
    assert default().comes_after(logging, setting(default(), "access-logs", "policy"))
    assert [r.name for r in full().all(kind("logging"))] == ["storage-records-logging"]


def test_versions_and_leftovers_do_not_stay_for_ever() -> None:
    assert rules(default(), "uploads") == {
        "leftovers": {
            "id": "leftovers",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
            "noncurrentVersionExpiration": {"noncurrentDays": 90},
            "expiration": {"expiredObjectDeleteMarker": True},
        }
    }
    assert rules(default(), "access-logs")["ageing"]["expiration"] == {"days": 365}


def test_objects_age_as_asked() -> None:
    ageing = rules(full(), "records")["ageing"]
    assert ageing["transitions"] == [
        {"days": 30, "storageClass": "STANDARD_IA"},
        {"days": 90, "storageClass": "GLACIER"},
    ]
    assert ageing["expiration"] == {"days": 2555}
    assert "transitions" not in rules(full(), "scratch")["ageing"]


def test_versioning_is_suspended_where_it_is_not_wanted() -> None:
    """Not disabled: the way back from enabled to that does not exist."""
    for bucket, status in (("records", "Enabled"), ("scratch", "Suspended")):
        configuration = setting(full(), bucket, "versioning").inputs["versioningConfiguration"]
        assert configuration == {"status": status}


def test_locked_versions() -> None:
    assert full().one(BUCKET, "storage-records").inputs["objectLockEnabled"] is True
    assert full().one(kind("lock")).inputs["rule"] == {
        "defaultRetention": {"mode": "COMPLIANCE", "days": 365}
    }


def test_settings_of_one_bucket_do_not_get_in_each_others_way() -> None:
    for bucket in ("exports", "uploads", "access-logs"):
        policy, closed = (setting(default(), bucket, each) for each in ("policy", "private"))
        assert closed.urn in policy.depends_on
        lifecycle = setting(default(), bucket, "lifecycle")
        assert setting(default(), bucket, "versioning").urn in lifecycle.depends_on


def test_protected_buckets_and_their_key_are_not_deleted() -> None:
    assert all(r.protect for r in [*full().all(BUCKET), *full().all(KEY)])
    assert not any(r.protect for r in [*default().all(BUCKET), *default().all(KEY)])
    assert all(r.inputs["forceDestroy"] is False for r in full().all(BUCKET))


def test_tags_name_the_backup_plan() -> None:
    assert full().one(BUCKET, "storage-records").inputs["tags"] == {
        "Name": "storage-records",
        "backup": "daily",
        "team": "core",
    }
    assert full().one(BUCKET, "storage-scratch").inputs["tags"] == {
        "Name": "storage-scratch",
        "team": "core",
    }


def test_names_fit_for_the_longest_logical_names() -> None:
    cloud = storage("s" * 40, buckets={"b" * 40: {}, "b" * 41: {}})
    names = cast("dict[str, str]", cloud.output(cloud.result.bucket_names))
    assert all(len(name) <= 63 for name in names.values())
    assert len(set(names.values())) == 2


# What users get


def test_users_wait_for_all_settings() -> None:
    cloud = build(_object_in_a_bucket)
    user = cloud.one("aws:s3/bucketObject:BucketObject")
    for suffix in ("encryption", "policy", "private", "ownership", "versioning"):
        assert cloud.comes_after(user, setting(cast("Recorder[Storage]", cloud), "b", suffix))


def _object_in_a_bucket() -> None:
    made = Storage("storage", {"buckets": {"b": {}}})
    aws.s3.BucketObject("first", bucket=made.bucket("b").name, content="x")


OWN_CONTEXT = frozenset({"UNKNOWN_CONDITION_FOR_ACTION"})
"""parliament knows of no encryption context, which every service and program names as it likes."""

BUCKET_ARN = "arn:aws:s3:::uploads-1234567"
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/0b1c2d3e-0000-4000-a000-000000000000"


def rendered(access: BucketAccess, prefix: str = "") -> dict[str, Json]:
    def program() -> dict[str, pulumi.Output[str]]:
        bucket = Bucket(
            "user-uploads",
            name=pulumi.Output.from_input("uploads-1234567"),
            arn=pulumi.Output.from_input(BUCKET_ARN),
            key_arn=pulumi.Output.from_input(KEY_ARN),
        )
        wanted: Sequence[Statement] = bucket_statements(bucket, access, prefix=prefix)
        return {"policy": document(*wanted)}

    cloud = build(program)
    text = str(cloud.output(cloud.result["policy"]))
    assert lint(text, allowed=OWN_CONTEXT) == []
    return statements(text)


READ = ["s3:GetObject"]
WRITE = ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"]


@pytest.mark.parametrize(
    ("access", "objects", "key", "lists"),
    [
        (BucketAccess.READ, READ, ["kms:Decrypt"], True),
        (BucketAccess.WRITE, WRITE, ["kms:Decrypt", "kms:GenerateDataKey"], False),
        (
            BucketAccess.READ_WRITE,
            sorted([*READ, *WRITE, "s3:DeleteObject"]),
            ["kms:Decrypt", "kms:GenerateDataKey"],
            True,
        ),
    ],
)
def test_a_service_may_do_what_it_was_given_and_no_more(
    access: BucketAccess, objects: list[str], key: list[str], *, lists: bool
) -> None:
    found = rendered(access)
    assert found["UserUploadsObjects"]["Action"] == objects
    assert found["UserUploadsObjects"]["Resource"] == [f"{BUCKET_ARN}/*"]
    assert found["UserUploadsKey"] == {
        "Sid": "UserUploadsKey",
        "Effect": "Allow",
        "Action": key,
        "Resource": [KEY_ARN],
        "Condition": {
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": [BUCKET_ARN, f"{BUCKET_ARN}/*"]}
        },
    }
    assert ("UserUploadsList" in found) is lists
    if lists:
        assert found["UserUploadsList"]["Action"] == ["s3:ListBucket"]
        assert found["UserUploadsList"]["Resource"] == [BUCKET_ARN]


def test_a_service_may_be_held_to_a_prefix() -> None:
    found = rendered(BucketAccess.READ, "invoices/")
    assert found["UserUploadsObjects"]["Resource"] == [f"{BUCKET_ARN}/invoices/*"]
    assert found["UserUploadsList"]["Condition"] == {"StringLike": {"s3:prefix": "invoices/*"}}


def test_a_prefix_with_a_wildcard_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"prefix: '\*/x' is not valid"):
        rendered(BucketAccess.READ, "*/x")


def test_an_unknown_bucket_is_named() -> None:
    with pytest.raises(InvalidInput, match="no bucket 'upload'; did you mean 'uploads'"):
        default().result.bucket("upload")
