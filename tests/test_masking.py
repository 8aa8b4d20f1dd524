"""What nobody may read in any output, in whatever it stands."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.masking import PROSE, check_digit, masked
from sakimori.response.hostile import for_attribute, for_csv, for_html, for_terminal

# Beside a secret stands anything that does not make its first or last word longer.
EDGES = st.text(st.sampled_from(" \n\t\"'=:({[<>]}),;.!?…|"), min_size=1, max_size=4)
AROUND = st.text(st.sampled_from("AZaz09 \n\t\"':=,{}[]()\\/語あ"), max_size=30)
GAPS = st.sampled_from(
    [" ", "  ", ", ", ",", "\n", "\r\n", "\t", '", "', '","', "\\n", "%20", "+", "-", "_", " | ", "; "]
)
WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=8).filter(
    lambda word: word not in PROSE.split("|")
)
WORDS = st.lists(WORD, min_size=12, max_size=24)
KANA = st.lists(st.text("あいうえおかきくけこさしすせそ", min_size=3, max_size=6), min_size=12, max_size=24)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    eleven = draw(st.text("0123456789", min_size=11, max_size=11))
    gap = draw(st.sampled_from(["", " ", "-"]))
    digits = eleven + str(check_digit(eleven))
    return gap.join((digits[:4], digits[4:8], digits[8:]))


@given(AROUND, EDGES, WORDS | KANA, GAPS, EDGES, AROUND)
def test_no_word_of_a_phrase_comes_out(
    before: str, left: str, words: list[str], gap: str, right: str, after: str
) -> None:
    shown = masked(f"{before}{left}{gap.join(words)}{right}{after}")
    told = shown.replace("[masked: words like a seed phrase]", "")
    assert [word for word in words if word in told] == []


@given(
    WORDS,
    st.sampled_from(["{n}. {w}", "{n}) {w}", "{n} {w}", "#{n} {w}", "{n}:{w}"]),
    st.sampled_from([" ", "\n", ", "]),
)
def test_numbered_words_do_not_come_out_either(words: list[str], form: str, gap: str) -> None:
    shown = masked(gap.join(form.format(n=n, w=word) for n, word in enumerate(words, 1)))
    told = shown.replace("[masked: words like a seed phrase]", "")
    assert [word for word in words if word in told] == []


@given(WORDS)
def test_words_in_a_list_of_json_do_not_come_out(words: list[str]) -> None:
    for text in (json.dumps(words), json.dumps({"x": words}, indent=2), json.dumps(json.dumps(words))):
        told = masked(text).replace("[masked: words like a seed phrase]", "")
        assert [word for word in words if word in told] == []


@given(
    AROUND,
    st.binary(min_size=32, max_size=300),
    st.sampled_from(["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "]),
    AROUND,
)
def test_a_block_of_a_private_key_does_not_come_out(before: str, data: bytes, kind: str, after: str) -> None:
    body = base64.encodebytes(data).decode()
    block = f"-----BEGIN {kind}PRIVATE KEY-----\n{body}-----END {kind}PRIVATE KEY-----"
    for text in (block, json.dumps(block), block.split("-----END", maxsplit=1)[0]):
        shown = masked(f"{before}{text}{'' if 'END' not in text else after}")
        assert [line for line in body.split() if line in shown] == []


NAMES = [
    "PRIVATE_KEY=",
    "privateKey: ",
    '"private_key": "',
    "--private-key ",
    "secret=0x",
    "seed: ",
    "sk = ",
    "signing key ",
]


@given(AROUND, st.sampled_from(NAMES), HEX, EDGES)
def test_a_private_key_in_hexadecimal_does_not_come_out(before: str, name: str, key: str, right: str) -> None:
    assert key not in masked(f"{before} {name}{key}{right}")


@given(st.lists(st.integers(0, 255), min_size=64, max_size=64))
def test_a_key_written_as_bytes_does_not_come_out(numbers: list[int]) -> None:
    assert masked(json.dumps(numbers)) == masked(str(numbers).replace(" ", "")) == "[masked: private key]"


@given(
    AROUND.filter(lambda text: not text[-1:].isdigit()),
    st.sampled_from(["", " ", "番号:", "x="]),
    numbers(),
    EDGES,
)
def test_a_my_number_does_not_come_out(before: str, left: str, number: str, right: str) -> None:
    shown = masked(f"{before}{left}{number}{right}")
    digits = "".join(filter(str.isdigit, number))
    assert digits not in "".join(filter(str.isdigit, shown))


@given(WORDS, numbers(), HEX)
def test_nothing_of_it_passes_the_ways_to_a_person(words: list[str], number: str, key: str) -> None:
    text = f"{' '.join(words)} / PRIVATE_KEY={key} / {number} / " + "x" * 50
    for way in (for_terminal, for_html, for_attribute, for_csv):
        # The mask itself says "words", which a phrase may hold.
        shown = re.sub(r"\[masked: [^\]]*\]", "", str(way(text)))
        assert (number in shown, key in shown, [w for w in words if f" {w} " in f" {shown} "]) == (
            False,
            False,
            [],
        )
    assert " ".join(words[:4]) not in for_terminal(text, 60)


def test_the_check_digit_is_that_of_the_order() -> None:
    # 1..11 from the last place: weights 2 3 4 5 6 7 2 3 4 5 6; worked by hand.
    assert [check_digit("12345678901"), check_digit("00000000000"), check_digit("99999999999")] == [8, 0, 6]


def test_a_wallet_s_import_format_is_known_by_its_check() -> None:
    data = b"\x80" + b"\x01" * 32 + b"\x01"
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, at = divmod(number, 58)
        text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[at] + text
    assert masked(f"key {text} in a log") == "key [masked: private key] in a log"
    other = text[:-1] + ("2" if text[-1] != "2" else "3")
    assert masked(f"name {other} in a log") == f"name {other} in a log"


@pytest.mark.parametrize(
    "text",
    [
        "powershell.exe -NoProfile -File C:\\Tools\\inventory.ps1 -Target srv01 -Output C:\\Temp\\report.csv",
        "{00000000-0000-0000-0000-000000000012}",
        f"SHA1={'ab' * 9}123456789018{'cd' * 5}",
        f"SHA256={'ab' * 32},MD5={'cd' * 16}",
        "arn:aws:iam::123456789018:role/deploy",
        '{"recipientAccountId": "123456789018", "accountId":"123456789018"}',
        "1772409600123456 1772409600123 12345678901 123456789012",
        "0.123456789018",
        "The machine sent more on this day than on any other of the week, and nobody knows why.",
        "end the session and change the key; what was read and changed with it since then?",
        '{"proto":"tcp","service":"ssl","state":"SF","orig":"T","resp":"F","a":"b","c":"d","e":"f"}',
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "証拠の中に 12 個の短い言葉はありません。記録を読んでください。",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


@given(AROUND)
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)
