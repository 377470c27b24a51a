"""Static checks of pages: what a browser of the office (Chromium 109) cannot do, and what the CSP forbids.

Each check takes the text of a file and returns findings as (line, words); the test walks the whole house.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

Finding = tuple[int, str]

_CSS_NEWER = (
    (
        r"\b(color-mix|oklch|oklab|light-dark|lab|lch|linear|round|mod|rem|sin|cos|calc-size|if|anchor)\(",
        "function",
    ),
    (r"\b(rgb|hsl|hwb|color)\(\s*from\b", "relative colour"),
    (r":(popover-open|user-valid|user-invalid|dir\(|has-slotted|open\b|details-content)", "selector"),
    (r":nth-(last-)?child\([^)]*\bof\b", "selector with of"),
    (r"@(scope|starting-style|view-transition|position-try|function)\b", "rule"),
    (r"@(top|bottom|left|right)-(left|center|right|top|middle|bottom)\b", "page margin box"),
    (
        r"\b(field-sizing|interpolate-size|text-wrap|white-space-collapse|animation-timeline|view-timeline)\s*:",
        "property",
    ),
    (
        r"\b(anchor-name|position-anchor|transition-behavior|scrollbar-color|scrollbar-width|initial-letter)\s*:",
        "property",
    ),
    (r"\bsubgrid\b", "value"),
)
_JS_NEWER = (
    (r"\beval\s*\(|\bnew\s+Function\b|set(Timeout|Interval)\(\s*['\"]", "evaluates text as code"),
    (r"\bdocument\.write\(|setAttribute\(\s*['\"]style", "is stopped by the content security policy"),
    (r"\.(toSorted|toReversed|toSpliced|toWellFormed|isWellFormed)\(", "newer than Chromium 109"),
    (
        r"\b(Object|Map)\.groupBy\(|\bArray\.fromAsync\(|\bPromise\.(withResolvers|try)\(|\bURL\.(canParse|parse)\(",
        "newer",
    ),
    (
        r"\b(startViewTransition|showPopover|hidePopover|togglePopover|requestClose|setHTMLUnsafe|CloseWatcher)\b",
        "newer",
    ),
    (
        r"\.(isSubsetOf|isSupersetOf|symmetricDifference|isDisjointFrom)\(|\bIterator\.|\bRegExp\.escape\(",
        "newer",
    ),
)
_TEMPLATE_BANNED = (
    (r"<script(?![^>]*\bsrc=)", "inline script"),
    (r"<style\b", "inline style sheet"),
    (r"\sstyle\s*=", "style attribute"),
    (r"\son[a-z]+\s*=\s*[\"']", "inline event handler"),
    (r"\bhx-on\b", "hx-on"),
    (r"[\"']\s*(js|javascript):", "script in an attribute"),
    (r"\bhx-trigger\s*=\s*(\"[^\"]*\[|'[^']*\[)", "trigger filter"),
    (r"\b(src|srcset|poster)\s*=\s*[\"'](https?:)?//", "another host"),
    (r"<link\b[^>]*href\s*=\s*[\"'](https?:)?//", "another host"),
)
_TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_GROUPING = ("@media", "@supports", "@container", "@layer", "@keyframes")


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _search(text: str, rules: tuple[tuple[str, str], ...]) -> Iterator[Finding]:
    for pattern, words in rules:
        for match in re.finditer(pattern, text):
            yield text.count("\n", 0, match.start()) + 1, f"{words}: {match.group().strip()}"


def _nested(text: str) -> Iterator[Finding]:
    """A rule inside a rule: nesting needs Chromium 112."""
    stack: list[str] = []
    begin = 0
    for match in re.finditer(r"[{};]", text):
        if match.group() == "{":
            head = text[begin : match.start()].strip()
            if stack and not stack[-1].startswith(_GROUPING):
                yield text.count("\n", 0, match.start()) + 1, f"nested rule: {head}"
            stack.append(head)
        elif match.group() == "}" and stack:
            stack.pop()
        begin = match.end()


def css_findings(text: str) -> list[Finding]:
    """What Chromium 109 would drop without a word."""
    bare = _BLOCK_COMMENT.sub(_blank, text)
    return sorted([*_search(bare, _CSS_NEWER), *_nested(bare)])


def js_findings(text: str) -> list[Finding]:
    """What Chromium 109 lacks and what the content security policy stops."""
    return sorted(_search(_BLOCK_COMMENT.sub(_blank, text), _JS_NEWER))


def template_findings(text: str) -> list[Finding]:
    """What a page may not carry: inline script and style, handlers, expression attributes, other hosts."""
    return sorted(_search(_TEMPLATE_COMMENT.sub(_blank, text), _TEMPLATE_BANNED))


def gz_size(*paths: Path) -> int:
    """Bytes the files weigh on the wire, each packed by itself."""
    return sum(len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in paths)


def tokens(css: str, opening: str) -> dict[str, str]:
    """The custom properties of the first rule that opens with these words."""
    start = css.index(opening) + len(opening)
    body = css[start : css.index("}", start)]
    return dict(re.findall(r"--([a-z0-9-]+)\s*:\s*([^;]+)", body))
