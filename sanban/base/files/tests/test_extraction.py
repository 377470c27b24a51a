"""Text comes out as it stands in the file, and the map leads every character back."""

import io
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from sanban.base.files.extract import Extracted, extract
from sanban.base.files.extraction.model import DEFAULT_LIMITS
from sanban.base.files.extraction.paged import read_paged
from sanban.base.files.extraction.web import read_web
from sanban.base.files.extraction.word import read_word
from sanban.base.files.tests import samples

WORDS = st.text(
    st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Po"), exclude_characters="\\<>&"), max_size=12
)
CELLS = st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=3)
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pieces(found: Extracted) -> dict[str, str]:
    """Each place with the text that stands in it."""
    result: dict[str, str] = {}
    for segment in found.map:
        result[segment.source] = result.get(segment.source, "") + found.text[segment.start : segment.end]
    return result


def check_order(found: Extracted) -> None:
    end = 0
    for segment in found.map:
        assert end <= segment.start < segment.end <= len(found.text)
        assert found.source_at(segment.start) == found.source_at(segment.end - 1) == segment.source
        end = segment.end


@pytest.mark.parametrize("text", ["第一条\r\n\r\n  第二条\t甲\u3000乙\n", "\n一行，无换行", "a\rb\u2028c"])
def test_a_utf8_text_file_is_its_own_text_unchanged(text: str) -> None:
    assert extract(text.encode(), "办法.txt").text == text


def test_lines_of_a_text_file_are_counted_as_the_reader_counts_them() -> None:
    found = extract("甲\r\n\r\n乙\n丙".encode(), "a.txt")
    assert pieces(found) == {"line:1": "甲", "line:3": "乙", "line:4": "丙"}
    assert found.source_at(1) == ""


def test_a_word_file_gives_paragraphs_and_table_rows_in_order() -> None:
    found = extract(
        samples.word("关于办法的通知", "", "一、总则", tables=((("事项", "单位"), ("建台账", "督查办")),)),
        "a.docx",
    )
    assert found.text == "关于办法的通知\n\n一、总则\n事项\t单位\n建台账\t督查办\n"
    assert pieces(found) == {
        "paragraph:1": "关于办法的通知", "paragraph:3": "一、总则",
        "cell:1:1:1": "事项", "cell:1:1:2": "单位", "cell:1:2:1": "建台账", "cell:1:2:2": "督查办",
    }  # fmt: skip
    check_order(found)


def test_a_merged_cell_keeps_the_later_cells_in_their_columns() -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    for row in range(2):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
    found = read_word(samples.saved(document), DEFAULT_LIMITS)
    assert found.text == "合并\t\t02\n10\t11\t12\n"
    assert found.source_at(found.text.index("02")) == "cell:1:1:3"


def test_inserted_text_and_content_controls_count_and_deleted_text_does_not() -> None:
    found = read_word(
        samples.with_body(
            "<w:p><w:r><w:t>留</w:t></w:r><w:ins w:id='1'><w:r><w:t>增</w:t></w:r></w:ins>"
            "<w:del w:id='2'><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t><w:tab/><w:t>后</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            "<w:p><w:r><w:t>主</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict>"
            "</w:r></w:p>"
        ),
        DEFAULT_LIMITS,
    )
    assert found.text == "留增\n控件\t后\n主\n框\n"
    assert found.source_at(found.text.index("框")) == "box:1"


@MANY
@given(st.lists(WORDS, max_size=4), CELLS)
def test_every_place_of_a_word_file_is_found_again(lines: list[str], rows: list[list[str]]) -> None:
    data = samples.word("首段", *lines, tables=(tuple(tuple(row) for row in rows),))
    found = read_word(data, DEFAULT_LIMITS)
    check_order(found)
    document, seen = docx.Document(io.BytesIO(data)), pieces(found)
    for number, paragraph in enumerate(document.paragraphs, start=1):
        assert seen.pop(f"paragraph:{number}", "") == paragraph.text
    for r, row in enumerate(document.tables[0].rows, start=1):
        for c, cell in enumerate(row.cells, start=1):
            assert seen.pop(f"cell:1:{r}:{c}", "") == " ".join(cell.text.split())
    assert seen == {}


@MANY
@given(st.lists(WORDS, min_size=1, max_size=4), CELLS)
def test_every_place_of_a_web_page_is_found_again(lines: list[str], rows: list[list[str]]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f"<!DOCTYPE html><html><body><h1>题</h1>{body}<table>{table}</table></body></html>"
    found = read_web(page.encode(), "utf-8", DEFAULT_LIMITS)
    check_order(found)
    tree: Any = lxml_html.document_fromstring(page)
    for source, words in pieces(found).items():
        (element,) = tree.xpath(source.removeprefix("node:"))
        assert " ".join(element.text_content().split()) == " ".join(words.split())
    assert len(found.text.splitlines()) >= 1 + len(rows)


def test_a_web_page_gives_what_is_seen_and_keeps_a_table_row_on_one_line() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>题</title><style>p{}</style></head><body>"
        "<h1>标 题</h1><p>一段<b>粗</b>尾<br>新行</p><script>坏()</script>后"
        "<p style='display: none'>隐</p>"
        "<table><tr><td>甲<p>乙</p></td><th>丙</th></tr></table>末</body></html>"
    )
    found = extract(page.encode(), "a.html")
    assert found.text == "标 题\n一段粗尾\n新行\n后\n甲 乙 \t丙\n末\n"
    assert found.source_at(found.text.index("粗")) == "node:/html/body/p[1]"


def test_a_pdf_gives_each_page_with_its_number() -> None:
    found = extract(samples.pdf("第一页的正文", "第二页，督查办"), "a.pdf")
    assert found.text == "第一页的正文\n第二页，督查办\n"
    assert (found.kind, found.pages, found.gaps) == ("pdf", 2, ())
    assert pieces(found) == {"page:1": "第一页的正文", "page:2": "第二页，督查办"}
    check_order(found)


def test_a_scanned_page_among_typed_ones_is_named_as_a_gap() -> None:
    found = read_paged(samples.pdf("这一页有足够多的可读文字。", "", image=True), DEFAULT_LIMITS)
    assert (found.text.strip(), found.gaps) == ("这一页有足够多的可读文字。", ("page:2",))
