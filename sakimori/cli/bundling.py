"""`sakimori bundle` and `sakimori key`: rules and indicators as one signed file; whose signatures count."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from sakimori.errors import UsageError

if TYPE_CHECKING:
    from sakimori.detection.bundles.making import Given
    from sakimori.detection.bundles.manifest import BundleManifest, Kind
    from sakimori.records.manifest import InUse
    from sakimori.signing import SecretKey
    from sakimori.tongue import Tongue

Lang = Literal["en", "ja"] | None
bundle = App(name="bundle", help="Rules and indicators as one signed, dated file.", help_format="plaintext")
key = App(name="key", help="Keys that sign, and keys that are trusted.", help_format="plaintext")


@dataclass(frozen=True, slots=True)
class Brought:
    """What imported bundles add to a hunt."""

    rules: tuple[Path, ...]
    indicators: tuple[Path, ...]
    in_use: tuple[InUse, ...]


def brought(with_rules: bool, with_indicators: bool) -> Brought | None:
    """What the imported bundles add, verified; None where there is none.

    Raises SignatureError where one is not as it was imported.
    """
    from sakimori.detection.bundles.ledger import LEDGER, bundles_folder

    if not (bundles_folder() / LEDGER).is_file():
        return None
    from sakimori.detection.bundles.using import kept, own_rules_needed
    from sakimori.detection.sigma.pack import own_rules
    from sakimori.signing import trusted

    held = kept(bundles_folder(), trusted())
    kinds = {kind for kind, asked in (("rules", with_rules), ("indicators", with_indicators)) if asked}
    rules = [path for one in held for path in one.paths("rules")] if with_rules else []
    own = [own_rules()] if rules and own_rules_needed(held) else []
    return Brought(
        (*rules, *own),
        tuple(path for one in held for path in one.paths("indicators")) if with_indicators else (),
        tuple(row for one in held for row in one.in_use() if row.kind in kinds),
    )


def make(
    out: Path,
    /,
    *,
    name: str,
    version: str | None = None,
    rules: Annotated[list[str] | None, Parameter(negative=())] = None,
    indicators: Annotated[list[str] | None, Parameter(negative=())] = None,
    licence: str = "",
    days: int = 90,
    description: str = "",
    instead_of_own: bool = False,
    key: Path | None = None,
    unsigned: bool = False,
    lang: Lang = None,
) -> int:
    """Make a bundle of folders of rules and files of indicators, and sign it.

    Parameters
    ----------
    out:
        The file to write: acme-rules.zip.
    name:
        What it is called from version to version: small letters, figures, hyphens.
    version:
        Figures with dots, larger than the last; today's date by default (2026.11.25).
    rules:
        Folders of Sigma YAML, each as FOLDER or FOLDER=LICENCE.
    indicators:
        Files made by `sakimori intel`, each as FILE or FILE=LICENCE.
    licence:
        Of all parts that name none of their own.
    days:
        For how many days it is valid.
    description:
        One sentence for who imports it.
    instead_of_own:
        Its rules are meant to be used in place of those that Sakimori ships.
    key:
        The secret key; your own by default (see `sakimori key make`).
    unsigned:
        Do not sign it now; `sakimori bundle sign` does so later.
    lang:
        en or ja.
    """
    from sakimori.detection.bundles.making import Label, signed
    from sakimori.detection.bundles.making import make as made

    now = datetime.now(UTC)
    if not 1 <= days <= 3650:
        raise UsageError(f"--days {days}: between 1 and 3650.")
    label = Label(
        name=name, version=version or f"{now.year}.{now.month}.{now.day}", made=now,
        expires=now + timedelta(days=days), description=description, instead_of_own=instead_of_own,
    )  # fmt: skip
    secret = None if unsigned else _secret(key)
    given = [*(_given("rules", one, licence) for one in rules or ()),
             *(_given("indicators", one, licence) for one in indicators or ())]  # fmt: skip
    if not given:
        raise UsageError("Nothing to put in: name --rules or --indicators.")
    manifest = made(out, label, given)
    if secret:
        signed(out, secret)
    say = _say(lang)
    print("\n".join(_told(manifest, say)))
    if not secret:
        print(
            say("It is not signed yet, and nobody can import it: sakimori bundle sign {file}.", file=str(out))
        )
    return 0


def _given(kind: Kind, text: str, licence: str) -> Given:
    from sakimori.detection.bundles.making import Given

    path, equals, own = text.rpartition("=")
    if not equals or Path(text).exists():
        path, own = text, licence
    if not own.strip():
        raise UsageError(
            f"--{kind} {text}: say its licence, as --{kind} {text}=Apache-2.0 or with --licence."
        )
    return Given(kind, Path(path), own.strip())


def _secret(file: Path | None) -> SecretKey:
    from sakimori.signing import read_secret, secret_file

    return read_secret(file or secret_file())


def sign(file: Path, /, *, key: Path | None = None, lang: Lang = None) -> int:
    """Sign a bundle.

    Parameters
    ----------
    file:
        The bundle.
    key:
        The secret key; your own by default.
    lang:
        en or ja.
    """
    from sakimori.detection.bundles.making import signed

    secret = _secret(key)
    manifest = signed(file, secret)
    print("\n".join(_told(manifest, _say(lang))))
    print(_say(lang)("Signed by the key {id}.", id=secret.public.id))
    return 0


def verify(file: Path, /, *, key: Path | None = None, lang: Lang = None) -> int:
    """Say whether a bundle would be taken: signed by a trusted key, valid, not older than what is here.

    Parameters
    ----------
    file:
        The bundle.
    key:
        A public key to check it with, in place of those that are trusted.
    lang:
        en or ja.
    """
    from sakimori.detection.bundles.checking import check
    from sakimori.detection.bundles.ledger import bundles_folder, ledger
    from sakimori.detection.bundles.opening import opened
    from sakimori.signing import trusted
    from sakimori.signing.trusted import read_public

    with opened(file) as found:
        name = found.manifest.name
    keys = trusted() if key is None else (read_public(key),)
    done = check(file, keys, ledger(bundles_folder()).get(name))
    say = _say(lang)
    print("\n".join(_told(done.manifest, say)))
    print(say("Its signature by the key {id} holds, and every file is as its manifest says.", id=done.key.id))
    return 0


def import_(file: Path, /, *, other_key: bool = False, lang: Lang = None) -> int:
    """Take a bundle into use: verified, tried, kept for every hunt from now on. Nothing in it is executed.

    Parameters
    ----------
    file:
        The bundle.
    other_key:
        Its maker has a new key, and told you so another way.
    lang:
        en or ja.
    """
    from sakimori.detection.bundles.ledger import bundles_folder
    from sakimori.detection.bundles.taking import take
    from sakimori.signing import trusted

    done = take(file, bundles_folder(), trusted(), other_key=other_key)
    say = _say(lang)
    print("\n".join(_told(done.checked.manifest, say)))
    if done.before:
        print(say("It replaces version {version}.", version=done.before))
    print(say("Every hunt works with it from now on; --no-bundles leaves it out."))
    return 0


def list_(*, lang: Lang = None) -> int:
    """Say which bundles are in use: version, age, until when, licence, by whose key.

    Parameters
    ----------
    lang:
        en or ja.
    """
    from sakimori.detection.bundles.ageing import aged
    from sakimori.detection.bundles.ledger import bundles_folder
    from sakimori.detection.bundles.using import kept
    from sakimori.response.in_use import in_use_line
    from sakimori.response.sentences import plain
    from sakimori.signing import trusted

    say = _say(lang)
    held = kept(bundles_folder(), trusted())
    for row in aged(row for one in held for row in one.in_use()):
        print(plain(in_use_line(row), say.lang))
    if not held:
        print(say("No bundle is in use."))
    return 0


def remove(name: str, /, *, lang: Lang = None) -> int:
    """Take a bundle out of use. Older versions of it stay refused.

    Parameters
    ----------
    name:
        What it is called.
    lang:
        en or ja.
    """
    from sakimori.detection.bundles.ledger import bundles_folder
    from sakimori.detection.bundles.taking import remove as removed

    gone = removed(name, bundles_folder())
    print(_say(lang)("{name} {version} is not used any more.", name=name, version=gone.version))
    return 0


def _told(manifest: BundleManifest, say: Tongue) -> list[str]:
    from sakimori.response.hostile import for_terminal

    lines = [
        say("Bundle {name}, version {version}, made {made}, valid until {expires}.", name=manifest.name,
            version=manifest.version, made=manifest.made, expires=manifest.expires)
    ]  # fmt: skip
    if manifest.description:
        lines.append(for_terminal(manifest.description, 300))
    for part in manifest.parts:
        licence = for_terminal(part.licence, 100)
        sentence = (
            say("{n} rules, licence: {licence}", n=f"{part.count:,}", licence=licence)
            if part.kind == "rules"
            else say("{n} indicators, licence: {licence}", n=f"{part.count:,}", licence=licence)
        )
        lines.append(f"  {sentence}")
    return lines


def _say(lang: Lang) -> Tongue:
    from sakimori.cli.hunting import spoken
    from sakimori.tongue import tongue

    return tongue(lang or spoken())


def make_key(file: Path | None = None, /, *, password: bool = True, lang: Lang = None) -> int:
    """Make a key pair of your own: the secret one stays with you, the public one is for others.

    Parameters
    ----------
    file:
        Where the secret key goes; in your configuration folder by default. The public one stands beside it.
    password:
        Lock it with a password (asked for, or from SAKIMORI_KEY_PASSWORD).
    lang:
        en or ja.
    """
    from sakimori.signing import make_keys, secret_file, trust

    where = file or secret_file()
    public = make_keys(where, _password() if password else "")
    trust(public.text)
    say = _say(lang)
    print(say("The secret key is {file}; keep a copy where only you can reach it.", file=str(where)))
    print(say("The public key is {id}. Give this line to who must verify what you sign:", id=public.id))
    print(public.line)
    return 0


def _password() -> str:
    from getpass import getpass

    from sakimori.signing.keys import PASSWORD

    given = os.environ.get(PASSWORD)
    if given is None:
        given = getpass("Password: ")
        if getpass("Password again: ") != given:
            raise UsageError("The two passwords differ; nothing was made.")
    if not given:
        raise UsageError("An empty password locks nothing: say --no-password if you want none.")
    return given


def trust_key(text: str, /, *, lang: Lang = None) -> int:
    """Trust a public key from now on; compare it another way than it came before you do.

    Parameters
    ----------
    text:
        The key's file, or its line that begins with RW.
    lang:
        en or ja.
    """
    from sakimori.signing import trust
    from sakimori.signing.trusted import read_public

    found = read_public(Path(text)).text if Path(text).is_file() else text
    public, file = trust(found)
    print(_say(lang)("The key {id} is trusted from now on ({file}).", id=public.id, file=str(file)))
    return 0


def list_keys(*, lang: Lang = None) -> int:
    """Say which public keys are trusted.

    Parameters
    ----------
    lang:
        en or ja.
    """
    from sakimori.signing import trusted

    for one in trusted():
        print(f"{one.id}  {one.line}")
    if not trusted():
        print(_say(lang)("No key is trusted yet."))
    return 0


def distrust_key(id: str, /, *, lang: Lang = None) -> int:
    """Trust a public key no more; bundles it signed are not used any more.

    Parameters
    ----------
    id:
        Its sixteen hex digits.
    lang:
        en or ja.
    """
    from sakimori.signing import trusted
    from sakimori.signing.trusted import trusted_folder

    known = next((one for one in trusted() if one.id == id.upper()), None)
    if known is None:
        raise UsageError(f"{id}: no such key is trusted. See sakimori key list.")
    (trusted_folder() / f"{known.id}.pub").unlink()
    print(_say(lang)("The key {id} is not trusted any more.", id=known.id))
    return 0


bundle.command(make)
bundle.command(sign)
bundle.command(verify)
bundle.command(import_, name="import")
bundle.command(list_, name="list")
bundle.command(remove)
key.command(make_key, name="make")
key.command(trust_key, name="trust")
key.command(distrust_key, name="distrust")
key.command(list_keys, name="list")
