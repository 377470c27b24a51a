"""A rule as Cedar policy text: one permit, and a forbid for each denial, which in Cedar wins by itself too.

The text is for those who check: the security administrator reads it, and in the tests Cedar's own engine decides by it
about the same people and objects. The office itself never runs it.
"""

from collections.abc import Iterator

from sanban.base.access.policy import AllOf, AnyOf, Node, NotDenied


def policy_text(name: str, words: str, node: Node) -> str:
    """The policies of one rule, under its name as the action."""
    allowing = [part for part in _parts(node) if not isinstance(part, NotDenied)]
    head = f'(\n  principal,\n  action == Action::"{name}",\n  resource\n)'
    when = " &&\n".join(_laid_out(part, 1) for part in allowing) or "  true"
    made = [f'// {words}\n@id("{name}")\npermit {head}\nwhen {{\n{when}\n}};']
    # One condition forbids however often the rule names it: the resource says of which stream it is.
    for condition in sorted({part.forbids() for part in _parts(node) if isinstance(part, NotDenied)}):
        made.append(f'@id("{name}.denied")\nforbid {head}\nwhen {{\n  {condition}\n}};')
    return "\n\n".join(made)


def _parts(node: Node) -> Iterator[Node]:
    """What must all hold, wholes within wholes taken apart."""
    if isinstance(node, AllOf):
        for part in node.parts:
            yield from _parts(part)
    else:
        yield node


def _laid_out(node: Node, depth: int) -> str:
    """The condition over several lines, one part each."""
    space = "  " * depth
    if not isinstance(node, AllOf | AnyOf):
        return f"{space}({node.cedar()})"
    mark = " &&\n" if isinstance(node, AllOf) else " ||\n"
    inner = mark.join(_laid_out(part, depth + 1) for part in node.parts)
    return f"{space}(\n{inner}\n{space})"
