"""A bundle is taken when it is signed, valid, newer and whole; anything else is refused with its reason."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakimori.detection.bundles.ageing import aged
from sakimori.detection.bundles.ledger import ledger
from sakimori.detection.bundles.making import Given, make, signed
from sakimori.detection.bundles.manifest import MANIFEST, SIGNATURE, manifest_of, ordered
from sakimori.detection.bundles.taking import remove, take
from sakimori.detection.bundles.using import kept
from sakimori.errors import SakimoriError, SignatureError, UsageError
from sakimori.signing.minisign import sign
from sakimori.signing.secret import new_key
from tests.detection.bundles.making import KEY, NOW, bundle, changed, label, parts
from tests.small_evidence import RULE

KEYS = (KEY.public,)


def home(folder: Path) -> Path:
    return folder / "home"


def test_a_bundle_is_taken_and_used_with_its_age(tmp_path: Path) -> None:
    done = take(bundle(tmp_path / "a"), home(tmp_path), KEYS, NOW)
    assert (done.before, done.checked.key, done.checked.manifest.version) == ("", KEY.public, "3")
    (held,) = kept(home(tmp_path), KEYS)
    assert [path.name for path in (*held.paths("rules"), *held.paths("indicators"))] == [
        "rules",
        "indicators.jsonl",
    ]
    rows = aged(held.in_use(), NOW + timedelta(days=40))
    said = [
        (row.kind, row.name, row.version, row.count, row.licence, row.age_days, row.stale) for row in rows
    ]
    assert said == [
        ("rules", "acme", "3", 1, "Apache-2.0", 40, ""),
        ("indicators", "acme", "3", 2, "CC0-1.0", 40, "old"),
    ]
    assert {row.stale for row in aged(held.in_use(), NOW + timedelta(days=90))} == {"expired"}


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (bundle(tmp_path / name) for name in "ab")
    assert one.read_bytes() == other.read_bytes()


def test_other_tools_can_check_it(tmp_path: Path) -> None:
    if shutil.which("minisign") is None:
        pytest.skip("minisign is not installed")
    with zipfile.ZipFile(bundle(tmp_path)) as archive:
        archive.extractall(tmp_path / "out")
    words = ["minisign", "-Vm", MANIFEST, "-P", KEY.public.line]
    done = subprocess.run(words, cwd=tmp_path / "out", capture_output=True, text=True, check=True)
    assert "sakimori bundle acme 3 made 2026-03-05T00:00:00Z" in done.stdout


def refusal(file: Path, folder: Path, **more: object) -> str:
    before = sorted(folder.rglob("*"))
    with pytest.raises(SignatureError) as caught:
        take(file, folder, KEYS, more.get("now", NOW))  # type: ignore[arg-type]
    assert sorted(folder.rglob("*")) == before or not ledger(folder)
    return str(caught.value)


def test_unsigned_strange_expired_and_future_ones_are_refused(tmp_path: Path) -> None:
    where = home(tmp_path)
    assert "is not signed" in refusal(bundle(tmp_path / "a", key=None), where)
    assert "not trusted here" in refusal(bundle(tmp_path / "b", key=new_key()), where)
    assert "it ended on 2026-03-06" in refusal(
        bundle(tmp_path / "c", days=1), where, now=NOW + timedelta(days=1)
    )
    assert "still to come" in refusal(bundle(tmp_path / "d", made=NOW + timedelta(days=3)), where)
    assert ledger(where) == {}


def test_an_older_one_is_refused_even_after_removal(tmp_path: Path) -> None:
    where = home(tmp_path)
    take(bundle(tmp_path / "a", "3.10"), where, KEYS, NOW)
    assert "3.10 was taken" in refusal(bundle(tmp_path / "b", "3.9"), where)
    remove("acme", where)
    assert kept(where, KEYS) == ()
    assert "bring back what was mended" in refusal(bundle(tmp_path / "c", "3.9"), where)
    assert take(bundle(tmp_path / "d", "3.11"), where, KEYS, NOW).before == "3.10"


def test_the_same_version_may_come_again_but_not_with_other_content(tmp_path: Path) -> None:
    where, file = home(tmp_path), bundle(tmp_path / "a")
    take(file, where, KEYS, NOW)
    take(file, where, KEYS, NOW)
    assert "calls itself version 3" in refusal(bundle(tmp_path / "b", made=NOW - timedelta(hours=1)), where)


def test_another_key_takes_over_a_name_only_when_told(tmp_path: Path) -> None:
    where, other = home(tmp_path), new_key()
    take(bundle(tmp_path / "a", "1"), where, KEYS, NOW)
    file = bundle(tmp_path / "b", "2", key=other)
    with pytest.raises(SignatureError, match="--other-key"):
        take(file, where, (*KEYS, other.public), NOW)
    assert take(file, where, (*KEYS, other.public), NOW, other_key=True).before == "1"


def resigned(held: dict[str, bytes]) -> None:
    held[SIGNATURE] = sign(held[MANIFEST], KEY, "").text.encode()


def test_changed_missing_and_added_files_are_refused(tmp_path: Path) -> None:
    where = home(tmp_path)
    rule = "rules/rule-0.yml"
    file = changed(
        bundle(tmp_path / "a"), lambda held: held.update({rule: held[rule].replace(b"high", b"lows")})
    )
    assert f"{rule} in it is not the file that its manifest names" in refusal(file, where)
    file = changed(bundle(tmp_path / "b"), lambda held: held.pop(rule) and None)
    assert "is in one of them only" in refusal(file, where)
    file = changed(bundle(tmp_path / "c"), lambda held: held.update({"rules/more.yml": b"a: b"}))
    assert "is in one of them only" in refusal(file, where)
    file = changed(
        bundle(tmp_path / "d"), lambda held: held.update({MANIFEST: held[MANIFEST].replace(b'"3"', b'"4"')})
    )
    assert "changed since it was signed" in refusal(file, where)


@pytest.mark.parametrize(
    "path",
    ["../../evil.yml", "/etc/evil.yml", "rules/../../evil.yml", "rules\\evil.yml", "rules/.evil.yml",
     "rules/con.yml", "rules/evil.py", "rules/a\0.yml", "other/evil.yml", "rules/C:evil.yml"],
)  # fmt: skip
def test_even_a_signed_manifest_names_no_path_outside_and_no_program(tmp_path: Path, path: str) -> None:
    def slip(held: dict[str, bytes]) -> None:
        said = json.loads(held[MANIFEST])
        entry = next(one for one in said["files"] if one["path"].startswith("rules/"))
        held[path.replace("\0", "")] = held.pop(entry["path"])
        entry["path"] = path
        held[MANIFEST] = json.dumps(said).encode()
        resigned(held)

    refusal(changed(bundle(tmp_path / "a"), slip), home(tmp_path))
    assert not list(tmp_path.rglob("evil*"))


def test_a_bomb_is_left_unopened(tmp_path: Path) -> None:
    file = changed(bundle(tmp_path / "a"), lambda held: held.update({"rules/rule-0.yml": bytes(64 << 20)}))
    assert file.stat().st_size < 1 << 20
    assert "larger than its" in refusal(file, home(tmp_path))
    huge = changed(bundle(tmp_path / "b"), lambda held: held.update({MANIFEST: bytes(32 << 20)}))
    assert "larger than its" in refusal(huge, home(tmp_path))


def test_a_link_in_it_is_refused(tmp_path: Path) -> None:
    file = bundle(tmp_path / "a")
    with zipfile.ZipFile(file, "a") as archive:
        info = zipfile.ZipInfo("rules/link.yml")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert "no plain file" in refusal(file, home(tmp_path))


def test_what_was_changed_after_the_import_is_not_used(tmp_path: Path) -> None:
    where = home(tmp_path)
    take(bundle(tmp_path / "a"), where, KEYS, NOW)
    (where / "acme/rules/rule-0.yml").write_text(RULE.replace("high", "low"))
    with pytest.raises(SignatureError, match=r"rule-0.yml was changed since it was imported"):
        kept(where, KEYS)
    take(bundle(tmp_path / "b"), where, KEYS, NOW)
    (where / "acme/rules/more.yml").write_text(RULE)
    with pytest.raises(SignatureError, match=r"more.yml was added"):
        kept(where, KEYS)
    with pytest.raises(SignatureError, match="not trusted here"):
        kept(where, ())


@pytest.mark.parametrize("text", ["title: no rule", "a: [", RULE.replace("endswith", "nonsense")])
def test_rules_that_cannot_be_used_make_no_bundle(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        make(tmp_path / "a.zip", label(), parts(tmp_path, text))
    assert not (tmp_path / "a.zip").exists()


def test_a_part_that_its_maker_did_not_try_is_tried_here(tmp_path: Path) -> None:
    def spoil(held: dict[str, bytes]) -> None:
        import hashlib

        bad = RULE.replace("endswith", "nonsense").encode()
        said = json.loads(held[MANIFEST])
        entry = next(one for one in said["files"] if one["path"].startswith("rules/"))
        entry.update(bytes=len(bad), sha256=hashlib.sha256(bad).hexdigest())
        held.update({entry["path"]: bad, MANIFEST: json.dumps(said).encode()})
        resigned(held)

    assert "its part rules cannot be used" in refusal(changed(bundle(tmp_path / "a"), spoil), home(tmp_path))


def test_a_licence_and_a_plain_name_are_asked_for(tmp_path: Path) -> None:
    given_ = [Given("rules", one.path, " ") for one in parts(tmp_path)[:1]]
    with pytest.raises(UsageError, match="every part must say its licence"):
        make(tmp_path / "a.zip", label(), given_)
    with pytest.raises(UsageError, match="a name is small letters"):
        make(tmp_path / "a.zip", label(name="Acme Rules"), parts(tmp_path))


def test_versions_are_compared_as_figures() -> None:
    assert ordered("2.10") > ordered("2.9") and ordered("3.0") == ordered("3")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damaged_bundle_is_taken_and_none_breaks_us(tmp_path: Path, data: st.DataObject) -> None:
    whole = bundle(tmp_path / "a") if not (tmp_path / "a").exists() else tmp_path / "a/acme-3.zip"
    raw = bytearray(whole.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    (tmp_path / "damaged.zip").write_bytes(raw[: data.draw(st.sampled_from([len(raw), at]))])
    try:
        done = take(tmp_path / "damaged.zip", tmp_path / "home", KEYS, NOW)
    except SakimoriError:
        return
    # Bytes a ZIP does not need (times, comments) may differ; what was signed may not.
    (held,) = kept(tmp_path / "home", KEYS)
    assert held.manifest == done.checked.manifest
    with zipfile.ZipFile(whole) as archive:
        assert manifest_of(archive.read(MANIFEST)) == held.manifest


def test_signing_again_replaces_the_signature(tmp_path: Path) -> None:
    other = new_key()
    file = bundle(tmp_path / "a")
    signed(file, other)
    assert take(file, home(tmp_path), (other.public,), NOW).checked.key == other.public
