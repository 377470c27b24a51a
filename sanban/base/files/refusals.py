"""Why a file cannot be read: a code for programs, and for people what is wrong, where, how to mend it."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.ledger.errors import Refused

CODES: Final = frozenset({"empty", "too_large", "encrypted", "broken", "image_only", "unsupported"})

_SENTENCES: Final = {
    "empty/": gettext_lazy("文件“%(name)s”是空的（0 字节）。请检查原文件，重新选择后再上传。"),
    "empty/no_text": gettext_lazy("文件“%(name)s”里没有任何文字。请检查是否选错，改选有正文的文件后再上传。"),
    "too_large/": gettext_lazy(
        "文件“%(name)s”有 %(size)s MB，超过 %(limit)s MB 的上限。请拆成几个文件，或压缩其中的图片后再上传。"
    ),
    "too_large/text": gettext_lazy("文件“%(name)s”的正文超过 %(limit)s 个字。请拆成几个文件后再上传。"),
    "too_large/pages": gettext_lazy(
        "文件“%(name)s”有 %(found)s 页，超过 %(limit)s 页的上限。请拆成几个文件后再上传。"
    ),
    "too_large/entries": gettext_lazy(
        "文件“%(name)s”内部有 %(found)s 个部件，超过 %(limit)s 个的上限。"
        "请用 Word 或 WPS 打开，另存为新的 docx 后再上传。"
    ),
    "too_large/unfolded": gettext_lazy(
        "文件“%(name)s”解压后超过 %(limit)s MB，不予打开。请用 Word 或 WPS 打开，压缩图片并另存后再上传。"
    ),
    "too_large/memory": gettext_lazy(
        "读取文件“%(name)s”所需的内存超过上限，已停止。请拆成几个文件，或另存为 txt 后再上传。"
    ),
    "too_large/time": gettext_lazy(
        "文件“%(name)s”在 %(seconds)s 秒内没有读完，已停止。请拆成几个文件，或另存为 txt 后再上传。"
    ),
    "encrypted/": gettext_lazy(
        "文件“%(name)s”设有打开密码，系统读不到内容。请在原来的软件里取消密码，另存后再上传。"
    ),
    "broken/": gettext_lazy("文件“%(name)s”已损坏，打不开。请用原来的软件打开，另存为新文件后再上传。"),
    "broken/package": gettext_lazy(
        "文件“%(name)s”不是完整的 docx（读到 %(where)s 处出错）。"
        "请用 Word 或 WPS 打开，另存为新文件后再上传。"
    ),
    "broken/xml": gettext_lazy(
        "文件“%(name)s”的正文有错（%(where)s）。请用 Word 或 WPS 打开，另存为新文件后再上传。"
    ),
    "broken/page": gettext_lazy(
        "文件“%(name)s”的第 %(where)s 页无法读取。请用原来的软件重新导出 PDF 后再上传。"
    ),
    "broken/no_pages": gettext_lazy("文件“%(name)s”里没有任何一页。请用原来的软件重新导出 PDF 后再上传。"),
    "broken/glyphs": gettext_lazy(
        "文件“%(name)s”的文字没有编码，读出来是乱码。请改传 docx 原件，或用原来的软件重新导出 PDF 后再上传。"
    ),
    "image_only/": gettext_lazy(
        "文件“%(name)s”里只有图片，没有可读的文字。请上传有文字的原件；只有纸质件的，先作文字识别再上传。"
    ),
    "image_only/pdf": gettext_lazy(
        "文件“%(name)s”共 %(pages)s 页，都是扫描图片，没有可读的文字。"
        "请上传由文字处理软件导出的 PDF 或 docx；只有纸质件的，先作文字识别再上传。"
    ),
    "unsupported/": gettext_lazy(
        "不能读取文件“%(name)s”（按内容识别为 %(found)s）。请另存为 txt、docx、html 或文字版 PDF 后再上传。"
    ),
    "unsupported/doc": gettext_lazy(
        "文件“%(name)s”是旧版 Office 或 WPS 格式（doc、xls、wps）。"
        "请用 Word 或 WPS 打开，另存为 docx 后再上传。"
    ),
    "unsupported/ofd": gettext_lazy(
        "文件“%(name)s”是 OFD 版式文件，系统可以存放，但读不出正文。请同时上传 docx 原件或文字版 PDF。"
    ),
    "unsupported/zip": gettext_lazy(
        "文件“%(name)s”是压缩包或不认识的打包格式，系统不存放压缩包。请解压后逐个上传其中的文件。"
    ),
    "unsupported/unknown": gettext_lazy(
        "认不出文件“%(name)s”是什么格式，也不是可读的文字。请另存为 txt、docx、html 或文字版 PDF 后再上传。"
    ),
    "unsupported/secret_mark": gettext_lazy(
        "文件“%(name)s”带有国家秘密标志“%(found)s”。本系统不得存放国家秘密：文件未保存，"
        "请立即从本机网络移除，按保密规定在涉密网络办理，并报告保密工作机构。"
    ),
}  # fmt: skip


class ExtractionRefused(Refused):
    """The file cannot be taken: `code` is one of CODES, `reason` narrows it, `message` is shown."""

    def __init__(self, code: str, reason: str = "", **facts: str | int) -> None:
        super().__init__(sentence(code, reason, **facts), field="file")
        self.code = code
        self.reason = reason
        self.facts = facts

    def __str__(self) -> str:
        return self.message


def sentence(code: str, reason: str = "", **facts: str | int) -> str:
    """What is wrong, where, and how to mend it, in the language of whoever reads."""
    found = _SENTENCES.get(f"{code}/{reason}") or _SENTENCES[f"{code}/"]
    return str(found) % {"name": "", **facts}


def describe(source: str) -> str:
    """A place of the map (`page:3`, `cell:1:2:3`) in the words of the page."""
    kind, _colon, rest = source.partition(":")
    if kind == "cell":
        table, row, column = rest.split(":")
        return _("表 %(table)s 第 %(row)s 行第 %(column)s 格") % {
            "table": table,
            "row": row,
            "column": column,
        }
    patterns = {
        "line": _("第 %(n)s 行"),
        "page": _("第 %(n)s 页"),
        "paragraph": _("第 %(n)s 段"),
        "box": _("文本框第 %(n)s 段"),
        "node": _("网页位置 %(n)s"),
    }
    return patterns[kind] % {"n": rest}
