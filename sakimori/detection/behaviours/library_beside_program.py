"""Side-loading by its shape: https://attack.mitre.org/techniques/T1574/001/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.windows_paths import (
    file_name,
    folder,
    in_anyones_folder,
    in_nobodys_folder,
    in_windows_folder,
)
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
def library_beside_program(
    image_load: Table, process: Table, *, few: int = 2, share: float = 0.02, bare: int = 2
) -> Table:
    """A program loaded a library of another hand from its own folder.

    Sees:   in a folder anyone can write to: a signed program or one of Microsoft's beside a library without a
            valid signature, or Microsoft's beside one that another signed; a library that has the name of one
            of Windows' own; in a folder where no user keeps programs, any program whose maker is named, with
            at most `bare` libraries beside it. The pair is on at most `few` hosts or `share` of them.
    Misses: libraries of other makers that are validly signed; programs in Program Files; logs without image
            loads; Windows' own names that no host in the evidence shows in Windows' folder.
    Next:   who put both files there, and does the library's hash exist outside this host?
    """
    seen = _distinct(image_load)
    beside = seen.filter(folder(_.image) == folder(_.loaded), _.image.lower() != _.loaded.lower())
    beside = beside.filter(in_anyones_folder(_.image), _.library.re_search(r"\.\w+$"))
    odd = _odd(beside, seen, process, bare)
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


def _odd(beside: Table, seen: Table, process: Table, bare: int) -> Table:
    """The pairs in which two hands show."""
    native = seen.filter(in_windows_folder(_.loaded)).select("library", native=True).distinct()
    company = beside.group_by("host", "image").aggregate(libraries=_.library.nunique())
    pairs = beside.join(company, ["host", "image"]).left_join(native, "library").drop("library_right")
    makers = _makers(seen, process)
    pairs = pairs.left_join(makers, pairs.image.lower() == makers.path)
    unsigned = _.signed.notnull() & ~_.valid
    microsofts = _.maker.lower().startswith("microsoft")
    other = _.valid & ~_.signature.lower().startswith("microsoft")
    dropped = (_.libraries <= bare) & in_nobodys_folder(_.image)
    return pairs.filter(
        (_.maker.notnull() & unsigned & (_.proven | microsofts | dropped))
        | (microsofts & other)
        | (_.native.notnull() & ~_.valid)
    )


def _makers(seen: Table, process: Table) -> Table:
    """Whose programs they are; `proven` by a valid signature on their own image, else by the name inside.

    Anyone may write a name into a file; but a copied Windows program has it, and is what side-loading uses.
    """
    signed = seen.filter(_.image.lower() == _.loaded.lower(), _.valid)
    proven = signed.select(path=_.image.lower(), maker=_.signature, proven=True)
    told = process.filter(_.image.notnull(), _.company.re_search(r"\w"))  # not "-", not "?"
    named = (
        told.select("image", "company").distinct().select(path=_.image.lower(), maker=_.company, proven=False)
    )
    makers = proven.union(named).group_by("path")
    return makers.aggregate(maker=_.maker.max(), proven=_.proven.max())


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
