"""Sample files made by code: every one is as small as it can be and still be what it is."""

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile

import docx

PNG = (
    b"\x89PNG\r\n\x1a\n"
    + b"".join(
        struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))
        for name, body in (
            (b"IHDR", struct.pack("!IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"\x00\x80")),
            (b"IEND", b""),
        )
    )
)  # fmt: skip


def word(*paragraphs: str, tables: tuple[tuple[tuple[str, ...], ...], ...] = ()) -> bytes:
    """A .docx with these paragraphs, then these tables."""
    document = docx.Document()
    for line in paragraphs:
        document.add_paragraph(line)
    for rows in tables:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    """The bytes of a python-docx document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_body(xml: str) -> bytes:
    """A .docx whose body holds this WordprocessingML (prefix w bound), for what python-docx cannot write."""
    plain, out = io.BytesIO(word("X")), io.BytesIO()
    with ZipFile(plain) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "word/document.xml":
                head, _mark, _rest = content.decode().partition("<w:body>")
                content = f"{head}<w:body>{xml}</w:body></w:document>".encode()
            target.writestr(entry.filename, content)
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A small .docx that unfolds to this many megabytes of blanks."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as entry:
            for _number in range(megabytes):
                entry.write(b" " * 1024 * 1024)
    return out.getvalue()


def pdf(*pages: str, image: bool = False, encrypted: bool = False) -> bytes:
    """A PDF with one line of text a page; `image` puts a picture on each (an empty text makes it a scan)."""
    count = len(pages)
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(count))
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light"
        b" /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8"
        b" /ColorSpace /DeviceGray /Length 1 >>\nstream\n\x80\nendstream",
    ]
    for number, line in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> /XObject << /I1 5 0 R >> >> >>" % (7 + 2 * number)
        )
        marks = b"q 500 0 0 700 40 60 cm /I1 Do Q\n" if image else b""
        if line:
            marks += b"BT /F1 16 Tf 60 760 Td <" + line.encode("utf-16-be").hex().encode() + b"> Tj ET\n"
        objects.append(b"<< /Length %d >>\nstream\n%sendstream" % (len(marks), marks))
    return _assembled(objects, encrypted)


def _assembled(objects: list[bytes], encrypted: bool) -> bytes:
    trailer = b"/Size %d /Root 1 0 R" % (len(objects) + 1)
    if encrypted:
        lock = (b"11" * 32, b"22" * 32)
        trailer += b" /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % lock
    out, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(out))


def of_later_days(data: bytes) -> bytes:
    """The archive, each part of which says that it takes version 9.9 of the format to unpack it."""
    made = bytearray(data)
    found = made.find(b"PK\x01\x02")
    while found >= 0:
        made[found + 6] = 99
        found = made.find(b"PK\x01\x02", found + 4)
    return bytes(made)
