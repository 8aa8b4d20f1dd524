"""What may go wrong, and the exit code each leaf gives.

SakimoriError
 +- UsageError      2   what was asked cannot be done: missing path, empty folder, bad option
 +- EvidenceError   3   evidence that cannot be read, or must not be mixed
 +- RuleError       2   a rule, or a folder of rules, that cannot be honoured
 +- SignatureError  4   a signature that is missing, wrong, or of nobody who is trusted; a bundle refused
 +- CatalogueError  70  a log description of ours contradicts itself
 +- EngineError     70  the store or a worker failed
"""

from __future__ import annotations


class SakimoriError(Exception):
    """Root of all errors a person may see; the message says what, where and what to do."""

    exit_code = 70


class UsageError(SakimoriError):
    """What was asked cannot be done as asked."""

    exit_code = 2


class EvidenceError(SakimoriError):
    """A piece of evidence cannot be read."""

    exit_code = 3


class RuleError(SakimoriError):
    """A rule cannot be honoured; the message names the rule and the reason."""

    exit_code = 2


class SignatureError(SakimoriError):
    """Something is not as it was signed, or nobody who is trusted signed it."""

    exit_code = 4


class CatalogueError(SakimoriError):
    """A log description contradicts itself or another one."""


class EngineError(SakimoriError):
    """The store or a worker failed."""
