"""Modules that are loaded when something of them is first asked for: what few requests need costs no memory before."""

from importlib import import_module
from typing import Any


class Deferred:
    """`styles = Deferred("openpyxl.styles")`, then `styles.Font(bold=True)`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
