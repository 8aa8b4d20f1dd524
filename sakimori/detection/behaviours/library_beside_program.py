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
    because="{image} loaded {loaded} from its own folder; the program's maker is {maker}, the library's "
    "signer {signer}, and this pair of names is on {hosts} of {fleet} hosts.",
)
def library_beside_program(image_load: Table, process: Table, *, few: int = 2, share: float = 0.02) -> Table:
    """A program loaded a library of another hand from its own folder.

    Sees:   a signed program, or one of Windows' own, in a folder anyone can write to, beside a library
            without a valid signature; or a library there that has the name of one of Windows' own. The pair
            is on at most `few` hosts or `share` of them.
    Misses: libraries that are validly signed; programs in Program Files; logs without image loads; Windows'
            own names that no host in the evidence shows in Windows' folder.
    Next:   who put both files there, and does the library's hash exist outside this host?
    """
    seen = _distinct(image_load)
    native = seen.filter(in_windows_folder(_.loaded)).select(native=_.library).distinct()
    beside = seen.filter(folder(_.image) == folder(_.loaded), _.image.lower() != _.loaded.lower())
    odd = beside.filter(in_anyones_folder(_.image), _.library.re_search(r"\.\w+$"), ~_.valid)
    makers = _makers(seen, process)
    odd = odd.left_join(makers, odd.image.lower() == makers.path).left_join(
        native, _.library == native.native
    )
    odd = odd.filter((_.maker.notnull() & _.signed.notnull()) | _.native.notnull())
    spread = odd.group_by("program", "library").aggregate(hosts=_.host.nunique())
    fleet = image_load.aggregate(fleet=_.host.nunique())
    rare = odd.join(spread, ["program", "library"]).cross_join(fleet)
    rare = rare.filter((_.hosts <= few) | (_.hosts <= share * _.fleet))
    return rare.group_by("host", "image", "loaded").aggregate(
        account=_.account.max(),
        maker=_.maker.max(),
        signer=_.signature.max(),
        hosts=_.hosts.max(),
        fleet=_.fleet.max(),
        count=_["count"].sum(),
        first_seen=_.first_seen.min(),
        last_seen=_.last_seen.max(),
    )


def _makers(seen: Table, process: Table) -> Table:
    """Whose programs they are: by a valid signature on their own image, or Microsoft's by the name inside.

    Anyone may write a name into a file; but a copied Windows program has it, and is what side-loading uses.
    """
    signed = seen.filter(_.image.lower() == _.loaded.lower(), _.valid)
    told = process.filter(_.image.notnull(), _.company.lower().startswith("microsoft"))
    makers = signed.select(path=_.image.lower(), maker=_.signature)
    named = told.select("image", "company").distinct().select(path=_.image.lower(), maker=_.company)
    return makers.union(named).group_by("path").aggregate(maker=_.maker.max())


def _distinct(image_load: Table) -> Table:
    """Each kind of load once: paths are taken apart a thousand times less often than libraries are loaded."""
    keys = ["host", "image", "loaded", "signed", "signature", "signature_status"]
    seen = image_load.filter(_.image.notnull(), _.loaded.notnull()).group_by(keys)
    seen = seen.aggregate(
        account=_.account.max(), count=_.count(), first_seen=_.clock.min(), last_seen=_.clock.max()
    )
    seen = seen.mutate(signature=_.signature.nullif("").nullif("-"), signed=_.signed.nullif(""))
    status = ibis.coalesce(_.signature_status.lower(), "valid")
    return seen.mutate(
        program=file_name(_.image),
        library=file_name(_.loaded),
        valid=ibis.coalesce((_.signed.lower() == "true") & (status == "valid"), False),
    )
