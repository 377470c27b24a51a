"""PDF: the typed text of every page. A page that is only a picture is named, not guessed at."""

import re

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from sanban.base.files.extraction.model import Extracted, Limits, TextBuilder, Unreadable

_NO_MEANING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff\ufffd]")
_SOFT_HYPHEN = re.compile("[\x02\ufffe]")
_WRONG_PASSWORD = 4
_STAMP_CHARS = 10
"""A scanned page may carry a typed page number or a stamp: fewer characters than this are no text."""


def read_paged(data: bytes, limits: Limits) -> Extracted:
    """The text of a PDF page by page, with pdfium's line ends made plain newlines."""
    document = _open(data)
    try:
        pages = len(document)
        if pages == 0:
            raise Unreadable("broken", "no_pages")
        if pages > limits.pages:
            raise Unreadable("too_large", "pages", found=pages, limit=limits.pages)
        builder = TextBuilder(limits.text_chars)
        gaps: list[str] = []
        for number in range(1, pages + 1):
            text, pictured = _page(document, number)
            builder.add(text, f"page:{number}")
            builder.add("\n")
            if pictured and len("".join(text.split())) < _STAMP_CHARS:
                gaps.append(f"page:{number}")
    finally:
        document.close()
    return _judged(builder, pages, tuple(gaps))


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as bad:
        if getattr(bad, "err_code", None) == _WRONG_PASSWORD:
            raise Unreadable("encrypted", "pdf") from bad
        raise Unreadable("broken", "pdf") from bad


def _page(document: pdfium.PdfDocument, number: int) -> tuple[str, bool]:
    """The page's text, and whether there is a picture on it."""
    try:
        page = document[number - 1]
        raw = page.get_textpage().get_text_bounded()
        pictured = next(iter(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])), None) is not None
    except pdfium.PdfiumError as bad:
        raise Unreadable("broken", "page", where=number) from bad
    text = _SOFT_HYPHEN.sub("-", raw.replace("\r\n", "\n").replace("\r", "\n"))
    return text, pictured


def _judged(builder: TextBuilder, pages: int, gaps: tuple[str, ...]) -> Extracted:
    text = builder.text()
    if len(gaps) == pages:
        raise Unreadable("image_only", "pdf", pages=pages)
    solid = "".join(text.split())
    if not solid:
        raise Unreadable("empty", "no_text")
    if len(_NO_MEANING.findall(solid)) * 3 > len(solid):
        raise Unreadable("broken", "glyphs")
    return Extracted(text=text, kind="pdf", map=builder.segments(), pages=pages, gaps=gaps)
