"""The laws that a reader of Python source can check, as pure functions from a source to its breaches."""

import ast
import re
from collections.abc import Iterator

from tests.laws.source import Breach, Source

FILE_LINES, FUNCTION_LINES, CLASS_LINES = 400, 50, 150
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
WRITERS = {"create", "acreate", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}
SQL_RUNNERS = {"execute", "executemany", "executescript"}
READ_SQL = re.compile(r"\s*(select|with|explain|show|pragma\s+\w+\s*$)", re.IGNORECASE)
WRITING_ROLES = {"actions", "projections", "migrations"}
BANNED_CALLS = {
    "django.utils.timezone.now": "use sanban.base.clock.now()",
    "datetime.datetime.now": "use sanban.base.clock.now()",
    "datetime.datetime.utcnow": "use sanban.base.clock.now()",
    "datetime.datetime.today": "use sanban.base.clock.today()",
    "datetime.date.today": "use sanban.base.clock.today()",
    "time.time": "use sanban.base.clock.now(), or time.perf_counter() for measuring",
    "django.utils.module_loading.import_string": "import at the top; upward knowledge is data in a registry",
    "django.apps.apps.get_model": "import the model",
}
SIGNAL_MODULES = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.test.signals")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function, methods and nested ones included."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def public_functions(source: Source) -> list[Function]:
    """Functions at the top of a file whose name does not start with an underscore."""
    return [node for node in source.tree.body if isinstance(node, Function) and not node.name.startswith("_")]


def _length(node: Function | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def sizes(source: Source) -> list[Breach]:
    """A file has at most 400 lines, a function 50, a class 150."""
    if source.is_migration:
        return []
    found = []
    lines = len(source.text.splitlines())
    if lines > FILE_LINES:
        found.append(Breach("sizes", source.path, 1, f"{lines} lines, at most {FILE_LINES}: split by verb"))
    for node in ast.walk(source.tree):
        if isinstance(node, Function) and _length(node) > FUNCTION_LINES:
            found.append(
                Breach(
                    "sizes",
                    source.path,
                    node.lineno,
                    f"{node.name} has {_length(node)} lines, at most {FUNCTION_LINES}",
                )
            )
        if isinstance(node, ast.ClassDef) and _length(node) > CLASS_LINES:
            found.append(
                Breach(
                    "sizes",
                    source.path,
                    node.lineno,
                    f"class {node.name} has {_length(node)} lines, at most {CLASS_LINES}",
                )
            )
    return found


def banned_names(source: Source) -> list[Breach]:
    """One clock, no signals, no look-up of code by name."""
    found = []
    for line, name in source.imports():
        if any(name == module or name.startswith(module + ".") for module in SIGNAL_MODULES):
            found.append(
                Breach("no signals", source.path, line, f"{name}: call the function or fold the event")
            )
        if name in BANNED_CALLS:
            found.append(Breach("one clock, no look-ups", source.path, line, f"{name}: {BANNED_CALLS[name]}"))
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            name = source.dotted(node)
            if name in BANNED_CALLS:
                found.append(
                    Breach(
                        "one clock, no look-ups", source.path, node.lineno, f"{name}: {BANNED_CALLS[name]}"
                    )
                )
    return found


def hidden_imports(source: Source) -> list[Breach]:
    """Imports stand at the top of the file, where the import contracts and the reader see them."""
    found = {}
    for function in functions(source.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found[node.lineno] = Breach(
                    "imports at the top", source.path, node.lineno, f"import inside {function.name}"
                )
    return list(found.values())


def vague_names(source: Source) -> list[Breach]:
    """A module is named after what it holds."""
    return [
        Breach("module names", source.path, 1, f"a module called {part} says nothing: name what it holds")
        for part in source.parts
        if part in VAGUE_MODULES
    ]


def unfinished(source: Source) -> list[Breach]:
    """No function that only promises."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(raised, ast.Name) and raised.id == "NotImplementedError":
                found.append(
                    Breach(
                        "finished work", source.path, node.lineno, "NotImplementedError: finish or leave out"
                    )
                )
    return found


def _module_strings(source: Source) -> dict[str, str]:
    """Names at the top of the file that hold one constant text."""
    return {
        target.id: node.value.value
        for node in source.tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _sql_text(node: ast.expr, constants: dict[str, str]) -> str:
    """The beginning of a statement, as far as it can be read; empty when it cannot."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id, "")
    if isinstance(node, ast.JoinedStr) and node.values:
        return _sql_text(node.values[0], constants)
    if isinstance(node, ast.BinOp):
        return _sql_text(node.left, constants)
    return ""


def _writes(node: ast.Call, constants: dict[str, str]) -> str:
    """The name of the write that a call performs; empty when it only reads."""
    if not isinstance(node.func, ast.Attribute):
        return ""
    name = node.func.attr
    plain = not node.args
    if name in WRITERS or (name in ("save", "asave", "adelete", "aupdate") and plain):
        return name
    if name == "delete" and plain and not node.keywords:
        return name
    if name == "update" and plain and node.keywords:
        return name
    if name in SQL_RUNNERS and node.args and not READ_SQL.match(_sql_text(node.args[0], constants)):
        return f"{name} of a statement that is not plainly a SELECT"
    return ""


def writes(source: Source) -> list[Breach]:
    """Rows are written in actions, projections, the ledger and migrations only."""
    if (
        source.is_test
        or source.is_migration
        or source.role in WRITING_ROLES
        or str(source.room) == "base.ledger"
    ):
        return []
    constants = _module_strings(source)
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and (name := _writes(node, constants)):
            found.append(
                Breach(
                    "writes",
                    source.path,
                    node.lineno,
                    f".{name}: move it to a projection that folds an event",
                )
            )
    return found


def _parameters(node: Function) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _actor_first(node: Function) -> bool:
    parameters = _parameters(node)
    return bool(parameters) and parameters[0].arg == "actor"


def reads(source: Source) -> list[Breach]:
    """Pages and the API get rows from queries only; a query is told who asks."""
    if source.is_test:
        return []
    found = []
    if source.role in ("views", "api", "urls"):
        for line, name in source.imports():
            if re.fullmatch(r"sanban\.\w+\.\w+\.models(\..*)?", name):
                found.append(Breach("reads", source.path, line, f"{name}: ask the room's queries"))
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
                found.append(Breach("reads", source.path, node.lineno, ".objects: ask the room's queries"))
    if source.role == "queries":
        for function in public_functions(source):
            if not _actor_first(function):
                found.append(
                    Breach("reads", source.path, function.lineno, f"{function.name} takes no actor first")
                )
    return found


def protected_models(source: Source) -> list[Breach]:
    """Models of a room are imported by other rooms' models, queries and projections only."""
    if source.is_test or source.is_migration or source.role in ("models", "queries", "projections"):
        return []
    found = []
    for line, name in source.imports():
        match = re.match(r"sanban\.(\w+)\.(\w+)\.models\b", name)
        if match is None or (source.room and (source.room.wing, source.room.name) == match.groups()):
            continue
        if name.endswith(".Recorded"):
            continue
        found.append(Breach("protected models", source.path, line, f"{name}: ask that room's queries"))
    return found


def _call_name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _appends(node: Function, local: dict[str, Function], seen: frozenset[str] = frozenset()) -> int:
    """Call sites of append, append_many and the like in a function, the private functions it calls included."""
    count = 0
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        name = call.func.id
        if name == "append" or name.startswith("append_"):
            count += 1
        elif name in local and name not in seen:
            count += _appends(local[name], local, seen | {name})
    return count


def actions(source: Source) -> list[Breach]:
    """A public action: actor first, the rest by keyword, @act, typed, explained, exactly one primary event."""
    if source.role != "actions" or source.is_test:
        return []
    local = {n.name: n for n in source.tree.body if isinstance(n, Function) and n.name.startswith("_")}
    found = []
    for node in public_functions(source):
        faults = []
        decorators = {
            source.dotted(d.func if isinstance(d, ast.Call) else d).split(".")[-1]
            for d in node.decorator_list
        }
        if "act" not in decorators:
            faults.append("is not decorated @act")
        positional = [p.arg for p in [*node.args.posonlyargs, *node.args.args]]
        if not _actor_first(node):
            faults.append("does not take actor first")
        elif positional not in ([], ["actor"]):
            faults.append("takes more than the actor by position")
        if node.returns is None or any(p.annotation is None for p in _parameters(node)):
            faults.append("is not fully typed")
        if (count := _appends(node, local)) != 1:
            faults.append(f"has {count} call sites of append, must have exactly one")
        found += [Breach("actions", source.path, node.lineno, f"{node.name} {fault}") for fault in faults]
    return found


def docstrings(source: Source) -> list[Breach]:
    """Public actions, queries and rules state the rule in the office's words; every room says what it is."""
    if source.is_test or source.is_migration:
        return []
    found = []
    if source.role in ("actions", "queries", "rules"):
        found = [
            Breach("docstrings", source.path, node.lineno, f"{node.name} states no rule")
            for node in public_functions(source)
            if not ast.get_docstring(node)
        ]
        found += [
            Breach("docstrings", source.path, node.lineno, f"{node.name} is not typed")
            for node in public_functions(source)
            if node.returns is None
        ]
    is_room = len(source.parts) == 4 and source.parts[0] == "sanban" and source.parts[-1] == "__init__"
    if is_room and not ast.get_docstring(source.tree):
        found.append(Breach("docstrings", source.path, 1, "a room says in one sentence what it is"))
    return found


def live_code_in_migrations(source: Source) -> list[Breach]:
    """A migration outlives the code of its day: it imports none of it but the ledger's guards and ids."""
    if not source.is_migration:
        return []
    found = []
    for line, name in source.imports():
        if name.startswith("sanban.") and not name.startswith("sanban.base.ledger."):
            found.append(Breach("migrations", source.path, line, f"{name}: no live code in a migration"))
    return found


EVERYWHERE = (sizes, banned_names, hidden_imports, vague_names, unfinished)
IN_ROOMS = (writes, reads, protected_models, actions, docstrings, live_code_in_migrations)
