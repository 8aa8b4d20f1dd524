"""What a file is by its first bytes, and whether its name says the same.

Magic numbers: the formats' own specifications, https://en.wikipedia.org/wiki/List_of_file_signatures
"""

from __future__ import annotations

import re
import struct

_SEVERAL_AT = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")
_MACHO = (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_LNK = b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x7fELF", "elf"),
    *((0, magic, "mach-o") for magic in _MACHO),
    (0, _LNK, "lnk"),
    (0, b"%PDF-", "pdf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"{\\rt", "rtf"),
    (0, b"ITSF\x03", "chm"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "onenote"),
    (0, b"HWP Document File", "hwp"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF8", "gif"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"\0\0\x01\0", "icon"),
    (8, b"WEBP", "webp"),
    (4, b"ftyp", "mp4"),
    (0, b"ID3", "audio"),
    (0, b"OggS", "audio"),
    (8, b"WAVE", "audio"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"\0\x01\0\0\0", "font"),
    (0, b"OTTO", "font"),
    (0, b"wOFF", "font"),
    (0, b"wOF2", "font"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"MSCF\0\0\0\0", "cab"),
    (0, b"\x04\x22\x4d\x18", "lz4"),
    (0, b"\x1f\x9d", "compress"),
    (0, b"\x1f\x8b\x08", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstandard"),
    (257, b"ustar", "tar"),
    (32769, b"CD001", "iso"),
    (0, b"conectix", "vhd"),
    (0, b"vhdxfile", "vhdx"),
    (0, b"KDMV", "vmdk"),
    (0, b"# Disk DescriptorFile", "vmdk"),
    (0, b"xar!", "xar"),
    (0, b"!<arch>\n", "ar"),
    (0, b"\xed\xab\xee\xdb", "rpm"),
    (0, b"dex\n", "dex"),
    (0, b"\0asm", "wasm"),
    (0, b"SQLite format 3\0", "sqlite"),
    (0, b"MDMP", "minidump"),
    (0, b"regf", "hive"),
    (0, b"bplist00", "plist"),
    (0, b"!BDN", "pst"),
    (0, b"\xd4\xc3\xb2\xa1", "pcap"),
    (0, b"\x0a\x0d\x0d\x0a", "pcap"),
)
_SCRIPTS = re.compile(rb"\A(?:\xef\xbb\xbf)?#![ \t]*/\S*(?:sh|python|perl|ruby|node|php|env|osascript)", re.A)
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body|script)\b", re.I | re.S
)
_XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\b")
UNKNOWN = frozenset({"empty", "text", "xml", "data"})
"""Kinds that say nothing: such a file may be a log nobody could read."""
PROGRAMS = frozenset({"pe", "dos", "elf", "mach-o"})
NOT_OPENED = frozenset({"iso", "vhd", "vhdx", "vmdk", "dmg", "rar", "cab", "xar", "lz4", "compress"})

_ARCHIVE = {"zip", "ooxml", "odf", "jar"}
# What a name promises. Old and new documents are promised by one name, and enciphered ones are OLE files.
_PROMISED: dict[str, frozenset[str]] = {
    name: frozenset(kinds)
    for names, kinds in (
        ("exe dll sys scr ocx cpl drv efi mui com", {"pe", "dos"}),
        ("lnk", {"lnk"}),
        ("pdf", {"pdf"}),
        ("doc xls ppt dot xlt pps msg", {"ole", "rtf", "ooxml", "html", "xml"}),
        ("docx docm dotx dotm xlsx xlsm xltx xltm pptx pptm ppsx potx xlsb", {"ooxml", "zip", "ole"}),
        ("msi msp mst", {"ole"}),
        ("rtf", {"rtf"}),
        ("hwp", {"ole", "hwp"}),
        ("chm", {"chm"}),
        ("one", {"onenote"}),
        ("png", {"png"}),
        ("jpg jpeg jfif", {"jpeg"}),
        ("gif", {"gif"}),
        ("tif tiff", {"tiff"}),
        ("bmp", {"bmp"}),
        ("webp", {"webp"}),
        ("ico", {"icon", "png"}),
        ("mp4 m4a m4v mov heic", {"mp4"}),
        ("mkv webm", {"matroska"}),
        ("zip", _ARCHIVE),
        ("jar war apk aar", _ARCHIVE),
        ("7z", {"7z"}),
        ("rar", {"rar"}),
        ("iso", {"iso"}),
        ("vhd", {"vhd", "data"}),
        ("vhdx", {"vhdx"}),
        ("ttf otf woff woff2", {"font", "data"}),
        ("txt md csv log json yml yaml ini cfg conf", {"text", "xml", "html", "script", "empty", "data"}),
        ("html htm svg css", {"text", "xml", "html", "empty"}),
    )
    for name in names.split()
}  # fmt: skip
# Data under a name of text may be text in an encoding of its own; a program or an archive never is.
_TAILS = ((512, b"conectix", "vhd"), (512, b"koly", "dmg"))


def kind_of(head: bytes, size: int, tail: bytes = b"") -> str:
    """The kind of a file that begins and ends so: `pe`, `pdf`, `text`, or `data` where nothing tells."""
    if not size:
        return "empty"
    if head.startswith(b"MZ"):
        return _dos_or_pe(head, size)
    if head.startswith(_SEVERAL_AT) and len(head) >= 8:
        # Java classes begin alike; there these four bytes are a version from 45 on.
        return "mach-o" if struct.unpack(">I", head[4:8])[0] < 40 else "java-class"
    if head.startswith(b"BM") and len(head) >= 6 and struct.unpack("<I", head[2:6])[0] == size:
        return "bmp"
    for offset, magic, kind in _MAGIC:
        if head.startswith(magic, offset):
            return _zip(head) if kind == "zip" else kind
    for length, magic, kind in _TAILS:
        if tail[-length:].startswith(magic):
            return kind
    return _text(head)


def _dos_or_pe(head: bytes, size: int) -> str:
    if len(head) < 64:
        return "dos"
    at = struct.unpack_from("<I", head, 60)[0]
    # A header that lies further away than we see is no ordinary one, but Windows runs it.
    return "pe" if len(head) <= at < size or head.startswith(b"PE\0\0", at) else "dos"


def _zip(head: bytes) -> str:
    length, _ = struct.unpack_from("<HH", head, 26) if len(head) >= 30 else (0, 0)
    first = head[30 : 30 + length]
    if first == b"[Content_Types].xml" or first.startswith(
        (b"_rels/", b"word/", b"xl/", b"ppt/", b"docProps/")
    ):
        return "ooxml"
    if first == b"mimetype":
        return "odf"
    return "jar" if first.startswith(b"META-INF/") or first == b"AndroidManifest.xml" else "zip"


def _text(head: bytes) -> str:
    if _SCRIPTS.match(head):
        return "script"
    if _HTML.match(head):
        return "html"
    if _XML.match(head):
        return "xml"
    return "text" if is_text(head) else "data"


def is_text(head: bytes) -> bool:
    """Whether these bytes read as text: without controls, or UTF-16 with its mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    controls = sum(head.count(bytes((c,))) for c in (*range(9), 11, *range(14, 27), *range(28, 32), 127))
    return controls == 0


def agrees(name: str, kind: str) -> bool | None:
    """Whether a name promises the kind; None where the name promises nothing, or the file is empty."""
    stem, dot, extension = name.rpartition(".")
    promised = _PROMISED.get(extension.lower()) if dot and stem else None
    return None if promised is None or kind == "empty" else kind in promised
