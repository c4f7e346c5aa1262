"""Stretches between quotation marks."""

from dedup.quotations.finding import find_quotations

__all__ = ["find_quotations"]
