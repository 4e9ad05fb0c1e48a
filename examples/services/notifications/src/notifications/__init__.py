"""Notifications: a Kafka consumer and a Celery worker."""
