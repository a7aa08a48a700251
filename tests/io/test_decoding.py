"""Encodings are told from bytes alone, and what cannot be read is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.io.decoding import decode

CHINESE = "岗位编号,岗位名称,部门,汇报对象,姓名\n1,总经理,公司,,张伟\n2,会计,财务部,1,李娜\n"
WESTERN = "ref,title,name,cost (£)\n1,Maître d’hôtel,Zoë Müller – née Señor,5\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"), (CHINESE, "utf-8-sig"), (CHINESE, "gb18030"), (CHINESE, "utf-16"),
        (WESTERN, "utf-8"), (WESTERN, "utf-8-sig"), (WESTERN, "cp1252"), (WESTERN, "utf-16"), ("a,b\n", "utf-8"),
    ],
)  # fmt: skip
def test_text_comes_back_in_every_encoding_that_people_save_in(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert (decoded.encoding, decoded.damaged) == (encoding, ())


@pytest.mark.parametrize(
    ("text", "encoding"), [(WESTERN, "cp1252"), (CHINESE, "gb18030"), (CHINESE + "李", "utf-8"), (WESTERN, "utf-8")]
)
def test_what_tells_the_encoding_may_stand_far_down(text: str, encoding: str) -> None:
    plain = "1,Officer,Unit\n" * 100_000
    decoded = decode((plain + text).encode(encoding))
    assert (decoded.text == plain + text, decoded.encoding) == (True, encoding)
    damaged = decode((plain + text).encode(encoding) + b"\xff") if encoding == "utf-8" else decoded
    assert damaged.encoding == encoding


def test_a_caller_may_know_better() -> None:
    data = "Łódź".encode("iso8859-2")
    assert decode(data, "latin2").text == "Łódź"
    with pytest.raises(LookupError):
        decode(data, "klingon")


def test_a_damaged_byte_is_shown_with_its_line_and_does_not_change_the_encoding() -> None:
    data = bytearray(CHINESE.encode())
    data[data.rindex("李".encode())] = 0xFF
    decoded = decode(bytes(data))
    assert (decoded.encoding, decoded.damaged) == ("utf-8", (3,))
    assert "\ufffd" in decoded.text.splitlines()[2]
    assert decoded.text.splitlines()[:2] == CHINESE.splitlines()[:2]


def test_a_byte_that_is_nothing_in_windows_1252_is_damage() -> None:
    decoded = decode(b"Caf\xe9\nNo\x81thing\n")
    assert (decoded.text, decoded.encoding, decoded.damaged) == ("Café\nNo\ufffdthing\n", "cp1252", (2,))


def test_a_replacement_character_of_the_file_itself_is_no_damage() -> None:
    assert decode("a\ufffdb\n".encode()).damaged == ()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_valid_utf8_is_never_taken_for_anything_else(text: str) -> None:
    decoded = decode(text.encode())
    assert decoded.text == text.removeprefix("\ufeff")
    assert decoded.encoding in ("utf-8", "utf-8-sig") or text.startswith("\ufeff")


@given(st.binary(max_size=60))
def test_any_bytes_make_text_that_utf8_can_carry(data: bytes) -> None:
    decode(data).text.encode()
