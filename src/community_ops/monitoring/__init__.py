"""Monitoring: what is measured, and who answers for it."""

from community_ops.monitoring.records import Metric

__all__ = ["Metric"]
