"""Side-loading by its shape: https://attack.mitre.org/techniques/T1574/001/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.windows_paths import file_name, folder, in_anyones_folder, in_windows_folder
from sakimori.findings import Severity


@behaviour(
    subject="host",
    also={"image": "process", "loaded": "file", "account": "account"},
    keys=("host", "image", "loaded"),
    severity=Severity.MEDIUM,
    techniques=["T1574.001"],
    because="{image} loaded {loaded} from its own folder; the program is signed by {maker}, the library by "
    "{signer}, and this pair is on {hosts} of {fleet} hosts.",
)
def library_beside_program(image_load: Table, *, few: int = 2, share: float = 0.02) -> Table:
    """A program loaded a library of another hand from its own folder.

    Sees:   a signed program in a folder anyone can write to, beside a library that is not signed, or that
            bears the name of one of Windows' own; the pair is on at most `few` hosts or `share` of them.
    Misses: libraries that are validly signed; programs in Program Files; logs without image loads; names of
            Windows' own libraries that no host in the evidence loaded from Windows' folder.
    Next:   who put both files there, and does the library's hash exist outside this host?
    """
    seen = _distinct(image_load)
    own = seen.filter(_.image.lower() == _.loaded.lower(), _.valid)
    maker = own.group_by(path=_.image.lower()).aggregate(maker=_.signature.nullif("").max())
    native = seen.filter(in_windows_folder(_.loaded)).select(native=_.library).distinct()
    beside = seen.filter(folder(_.image) == folder(_.loaded), _.image.lower() != _.loaded.lower())
    odd = beside.filter(in_anyones_folder(_.image), _.library.re_search(r"\.\w+$"), ~_.valid)
    odd = odd.left_join(maker, odd.image.lower() == maker.path).left_join(native, _.library == native.native)
    odd = odd.filter(_.maker.notnull() | _.native.notnull())
    spread = odd.group_by("program", "library").aggregate(hosts=_.host.nunique())
    fleet = image_load.aggregate(fleet=_.host.nunique())
    rare = odd.join(spread, ["program", "library"]).cross_join(fleet)
    rare = rare.filter((_.hosts <= few) | (_.hosts <= share * _.fleet))
    return rare.group_by("host", "image", "loaded").aggregate(
        account=_.account.max(),
        maker=_.maker.max(),
        signer=_.signature.nullif("").max(),
        hosts=_.hosts.max(),
        fleet=_.fleet.max(),
        count=_["count"].sum(),
        first_seen=_.first_seen.min(),
        last_seen=_.last_seen.max(),
    )


def _distinct(image_load: Table) -> Table:
    """Each kind of load once: paths are taken apart a thousand times less often than libraries are loaded."""
    keys = ["host", "image", "loaded", "signed", "signature", "signature_status"]
    seen = image_load.filter(_.image.notnull(), _.loaded.notnull()).group_by(keys)
    seen = seen.aggregate(
        account=_.account.max(), count=_.count(), first_seen=_.clock.min(), last_seen=_.clock.max()
    )
    status = ibis.coalesce(_.signature_status.lower(), "valid")
    return seen.mutate(
        program=file_name(_.image),
        library=file_name(_.loaded),
        valid=ibis.coalesce((_.signed.lower() == "true") & (status == "valid"), False),
    )
