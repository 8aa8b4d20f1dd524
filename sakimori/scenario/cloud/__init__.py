"""What a firm has beside its Windows machines: Microsoft 365, Entra, GitHub, AWS, developers' Macs."""

from sakimori.scenario.cloud.story import Story

__all__ = ["Story"]
