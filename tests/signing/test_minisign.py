"""What we sign minisign verifies, what minisign signs we verify; and nothing else is let through."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.errors import SignatureError, UsageError
from sakimori.signing import PublicKey, Signature, make_keys, read_secret, sign, trust, trusted, verify
from sakimori.signing.keys import PASSWORD
from sakimori.signing.minisign import SecretKey
from sakimori.signing.secret import new_key, secret_of, secret_text
from sakimori.signing.trusted import signer

KEY = new_key()
LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60)
needs_minisign = pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not installed")


def minisign(*words: str, folder: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["minisign", *words], cwd=folder, input=typed, capture_output=True, text=True, check=False
    )


@needs_minisign
def test_minisign_verifies_what_we_sign_and_shows_its_comment(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"rules")
    (tmp_path / "a.minisig").write_text(sign(b"rules", KEY, "version 3").text)
    (tmp_path / "k.pub").write_text(KEY.public.text)
    done = minisign("-Vm", "a", "-p", "k.pub", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "version 3" in done.stdout
    (tmp_path / "a").write_bytes(b"rules of another")
    assert minisign("-Vm", "a", "-p", "k.pub", folder=tmp_path).returncode != 0


@needs_minisign
@pytest.mark.parametrize("legacy", [[], ["-l"]])
def test_we_verify_what_minisign_signs_with_its_own_key(tmp_path: Path, legacy: list[str]) -> None:
    assert minisign("-G", "-W", "-p", "k.pub", "-s", "k.key", folder=tmp_path).returncode == 0
    (tmp_path / "a").write_bytes(b"rules")
    assert (
        minisign("-S", *legacy, "-s", "k.key", "-m", "a", "-t", "of today", folder=tmp_path).returncode == 0
    )
    public, signature = PublicKey.of((tmp_path / "k.pub").read_text()), (tmp_path / "a.minisig").read_text()
    assert verify(b"rules", Signature.of(signature), public)
    assert Signature.of(signature).comment == "of today"
    assert secret_of((tmp_path / "k.key").read_text()).public == public


@needs_minisign
def test_minisign_opens_our_locked_key(tmp_path: Path) -> None:
    (tmp_path / "k.key").write_text(secret_text(KEY, "correct horse"))
    (tmp_path / "a").write_bytes(b"rules")
    done = minisign("-Sm", "a", "-s", "k.key", folder=tmp_path, typed="correct horse\n")
    assert done.returncode == 0, done.stderr
    assert verify(b"rules", Signature.of((tmp_path / "a.minisig").read_text()), KEY.public)


@given(st.binary(max_size=300), LINES)
def test_a_signature_survives_its_file_and_holds_for_these_bytes_alone(data: bytes, comment: str) -> None:
    made = Signature.of(sign(data, KEY, comment.strip()).text)
    assert verify(data, made, KEY.public)
    assert not verify(data + b"\n", made, KEY.public)
    assert not verify(data, made, SecretKey(KEY.number, new_key().seed).public)


def test_the_trusted_comment_is_signed_too() -> None:
    text = sign(b"a", KEY, "version 3").text.replace("version 3", "version 4")
    assert not verify(b"a", Signature.of(text), KEY.public)


def test_a_key_opens_with_its_password_alone() -> None:
    text = secret_text(KEY, "one")
    assert secret_of(text, "one") == KEY
    with pytest.raises(SignatureError, match="password is wrong"):
        secret_of(text, "two")


@pytest.mark.parametrize(
    "text", ["", "hello", "RWQ", "untrusted comment: x\nRWQ", "a\nb\ntrusted comment: c\nd\n"]
)
def test_what_is_no_key_and_no_signature_says_so(text: str) -> None:
    for read in (PublicKey.of, Signature.of, secret_of):
        with pytest.raises(SignatureError):
            read(text)


def test_keys_are_private_and_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys/owner.key"
    public = make_keys(file, "")
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert read_secret(file).public == public == PublicKey.of((tmp_path / "keys/owner.pub").read_text())
    with pytest.raises(UsageError, match="never written over"):
        make_keys(file, "")
    file.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        read_secret(file)
    monkeypatch.setenv(PASSWORD, "one")
    locked = tmp_path / "locked.key"
    assert make_keys(locked, "one") == read_secret(locked).public


def test_only_a_trusted_key_counts(tmp_path: Path) -> None:
    other = new_key()
    assert trusted(tmp_path) == ()
    key, _ = trust(KEY.public.text, tmp_path)
    assert trusted(tmp_path) == (key,) == (KEY.public,)
    assert signer(b"a", sign(b"a", KEY, ""), trusted(tmp_path)) == key
    with pytest.raises(SignatureError, match="not trusted here"):
        signer(b"a", sign(b"a", other, ""), trusted(tmp_path))
    with pytest.raises(SignatureError, match="changed since"):
        signer(b"b", sign(b"a", KEY, ""), trusted(tmp_path))
