"""The rule kernel: record batches in, the rows that fire out. Imports nothing of ours but itself.

`kernel(plan)` has the signature of Spark's mapInArrow; every local engine can feed it.
"""

from sakimori.detection.sigma.kernel.plan import Field, KernelPlan, PlannedRule
from sakimori.detection.sigma.kernel.run import Judge, kernel
from sakimori.detection.sigma.kernel.tree import And, Atom, Never, Not, Or, Tree

__all__ = [
    "And",
    "Atom",
    "Field",
    "Judge",
    "KernelPlan",
    "Never",
    "Not",
    "Or",
    "PlannedRule",
    "Tree",
    "kernel",
]
