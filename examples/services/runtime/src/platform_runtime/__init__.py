"""What every service of the platform has: settings, logs, traces, metrics, health, clients."""
