"""Monitors the service itself: readiness, metrics, and news of troubles for operators."""
