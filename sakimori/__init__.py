"""Sakimori: evidence in, a short ranked list of argued incidents out."""

__version__ = "0.1.0"
