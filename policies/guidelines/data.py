"""Guidelines on data and on work that waits."""

from collections.abc import Sequence

from policies.guidelines.guideline import SERVICES, STACKS, UNIT, Guideline

GUIDELINES: Sequence[Guideline] = (
    Guideline(
        "Events: Kafka",
        "Facts are kept, in order, for whoever wants them; one that can't be read is put aside.",
        ("kafka", "service"),
        (
            f"{UNIT}test_kafka.py::test_clients_come_with_iam_and_over_tls_and_no_other_way",
            f"{UNIT}test_kafka.py::test_a_consumer_reads_its_topics_in_its_groups_only",
            f"{SERVICES}test_kafka.py::test_events_of_a_key_arrive_once_and_in_order",
        ),
        "data-services.md#what-all-of-them-have-in-common",
        (
            *("multi-az", "encryption-in-transit", "encryption-at-rest", "no-public-data-store"),
            *("no-unauthenticated-access", "data-store-logs", "no-public-data-port"),
            *("kafka-durable", "kafka-topic-used"),
        ),
    ),
    Guideline(
        "Tasks: RabbitMQ",
        "Work that may wait is queued, and comes again until it is done.",
        ("rabbitmq", "service"),
        (
            f"{STACKS}test_rabbitmq.py::test_all_but_the_place_is_changed_in_place_and_another_place_is_refused",
            f"{UNIT}test_worker.py::test_a_queue_that_is_empty_needs_no_pod",
            f"{SERVICES}test_stack.py::test_the_worker_has_a_heartbeat_while_it_takes_tasks",
        ),
        "workloads.md#workers",
        ("multi-az", "encryption-at-rest", "no-public-data-store", "data-store-logs"),
    ),
    Guideline(
        "Background workers and jobs",
        "What needs no answer at once runs beside the services, and is scaled by its backlog.",
        ("service",),
        (
            f"{UNIT}test_worker.py::test_a_pod_that_goes_ends_its_task",
            f"{UNIT}test_worker.py::test_a_consumer_is_scaled_by_its_lag",
            f"{UNIT}test_job.py::test_it_runs_by_its_schedule_and_never_twice_at_once",
        ),
        "workloads.md#workers",
        ("queue-dead-letters", "container-probes", "disruption-budget", "worker-scaled-by-queue"),
    ),
    Guideline(
        "Serverless",
        "A service may be a function: no servers, its own name, rollouts by weight.",
        ("serverless",),
        (
            f"{UNIT}test_serverless.py::test_the_alias_moves_to_the_newest_version",
            f"{UNIT}test_serverless.py::test_work_is_retried_piece_by_piece_and_kept_when_it_fails",
            f"{UNIT}test_stack_serverless.py::test_variables_and_permissions_are_of_what_it_uses",
        ),
        "serverless.md#in-a-stack-file",
        (
            *("lambda-runtime-supported", "lambda-observed", "lambda-batches-safe"),
            *("lambda-failures-kept", "lambda-url-authenticated", "lambda-callers-named"),
            *("lambda-concurrency-reserved", "lambda-provisioned"),
        ),
    ),
    Guideline(
        "Managed databases",
        "Data is in services that AWS runs: encrypted, in several zones, with backups.",
        ("tables", "search", "cache", "storage", "backup"),
        (
            f"{UNIT}test_tables.py::test_tables_and_keys_are_protected_when_asked",
            f"{UNIT}test_tables.py::test_recovery_streams_and_time_to_live_are_said_to_be_on_or_off",
            f"{UNIT}test_backup.py::test_nobody_deletes_a_backup_early",
            f"{STACKS}test_tables.py::test_all_but_the_keys_is_changed_in_place_and_another_key_is_refused",
        ),
        "data-services.md#what-all-of-them-have-in-common",
        (
            *("backups-enabled", "deletion-protection", "encryption-at-rest", "multi-az"),
            *("no-public-data-store", "no-public-data-port", "secrets-recovery"),
        ),
    ),
    Guideline(
        "Autoscaling",
        "Pods, nodes, tables and functions follow the load, between bounds.",
        ("service", "addons", "cluster", "tables", "serverless"),
        (
            f"{UNIT}test_service.py::test_the_autoscaler_owns_the_number_of_pods",
            f"{UNIT}test_service.py::test_scaling_by_more_is_keda_s_alone",
            f"{UNIT}test_tables.py::test_a_capacity_follows_the_load_and_is_not_ours_to_change",
            f"{UNIT}test_addons.py::test_pools_are_graviton_of_a_bounded_size",
        ),
        "workloads.md#what-a-service-gets",
        (
            "container-resources",
            "spread-over-zones",
            "autoscaler-present",
            "autoscaler-bounds",
            "minimum-replicas",
            "table-capacity-scaled",
        ),
    ),
    Guideline(
        "Read-heavy search",
        "Searches are answered by an engine of their own, and by the cache while it is away.",
        ("search", "cache", "examples/services/catalog"),
        (
            f"{UNIT}test_search_elasticsearch.py::test_each_zone_has_a_node_set_that_stays_in_it",
            f"{UNIT}test_search_opensearch.py::test_the_domain_is_in_the_vpc_in_three_zones_with_masters",
            f"{SERVICES}test_stack.py::test_without_search_the_catalog_serves_what_the_cache_has",
        ),
        "data-services.md#elasticsearch-or-opensearch",
        ("multi-az", "encryption-in-transit", "no-unauthenticated-access", "data-store-logs"),
    ),
    Guideline(
        "Caching: Redis or Memcached",
        "What is read often is near: one load for many readers, no wait for a dead cache.",
        ("cache", "memcached", "examples/services/runtime"),
        (
            f"{UNIT}test_cache.py::test_three_nodes_over_zones_with_failover_by_default",
            f"{UNIT}test_memcached.py::test_encrypted_on_the_wire_and_over_zones",
            f"{SERVICES}test_cache.py::test_a_stampede_makes_one_load_over_all_processes",
            f"{SERVICES}test_cache.py::test_a_dead_cache_costs_no_time_and_is_used_again_when_it_is_back",
        ),
        "data-services.md#what-all-of-them-have-in-common",
        ("multi-az", "encryption-in-transit", "no-unauthenticated-access", "backups-enabled"),
    ),
)
