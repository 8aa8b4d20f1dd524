"""Logs that are not as Windows closed them: checksums and headers that do not fit what they stand for.

https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.findings import Severity

# What the reader of EVTX says of stretches.
_DAMAGE = (
    r"do not match its checksum|chunk could not be read|are no records|header speaks of|header is damaged"
    r"|could not be decoded"
)
_IN_USE = r"in use when it was copied"


@behaviour(
    subject="file",
    keys=("file",),
    severity=Severity.LOW,
    techniques=["T1070.001"],
    because="{count} stretches of this log are damaged; the records of {unvouched} of them could be read, "
    "but do not match their checksum.",
)
def evidence_damaged(unread: Table, *, in_use: int = 1) -> Table:
    """A log is not as Windows wrote it.

    Sees:   stretches of a Windows log that cannot be read, and chunks of records that do not match their
            checksums.
    Misses: changes by whoever sets the checksums right again. A log copied while the service wrote it has up
            to `in_use` such chunk, the last, and is no finding. Bad disks and recovered files look the same.
    Next:   take the log again or find a second copy, and compare the records in and around the stretches.
    """
    damaged = unread.filter(_.file.notnull(), _.reason.re_search(_DAMAGE))
    damaged = damaged.mutate(used=_.reason.re_search(_IN_USE).cast("int64"), sums=1 - _.lost)
    files = damaged.group_by("file").aggregate(
        count=_.count(), unvouched=_.sums.sum(), used=_.used.sum(), reason=_.reason.min()
    )
    time = ibis.null().cast("int64")
    told = files.filter((_["count"] > _.used) | (_.used > in_use))
    return told.select("file", "count", "unvouched", "reason", first_seen=time, last_seen=time)
