"""The rule kernel: record batches in, the rows that fire out.

`kernel(plan)` has the signature of Spark's mapInArrow; every local engine can feed it. Of ours it imports
nothing but itself and the clock, which is a leaf: both can be shipped to a worker as they are.
"""

from sakimori.detection.sigma.kernel.plan import Field, KernelPlan, PlannedRule
from sakimori.detection.sigma.kernel.run import Judge, kernel, numbers_of
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
    "numbers_of",
]
