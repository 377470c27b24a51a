"""Files that go with an act as its evidence: handed in with the form, kept when the form comes back, shown by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.access.actor import Actor
from sanban.base.files import actions, queries, rules, sweep
from sanban.base.files.handing import hand_in
from sanban.base.ledger.errors import Refused

MOST = 20
"""Files that one act may bring."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file as a page names it: `size` in bytes; `said` is what the scanner found, empty when it is clean."""

    id: int
    name: str
    size: int
    said: str


class FilesInput(forms.FileInput):
    """An input that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; the value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        """Each file for itself; none at all is an empty list."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST:
            raise forms.ValidationError(_("一次最多附 %(n)d 个文件。") % {"n": MOST})
        return [super(FilesField, self).clean(one, initial) for one in given]


class EvidenceForm(forms.Form):
    """The part of a form that hands evidence in; `kept` names files that an earlier try has stored already."""

    evidence = FilesField(
        label=gettext_lazy("佐证材料"),
        required=False,
        help_text=gettext_lazy("可一次选多个；国家秘密不得上传。"),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_kept(self) -> list[int]:
        """Ids of stored files."""
        return [
            int(part) for part in self.cleaned_data["kept"].split(",") if part.isascii() and part.isdecimal()
        ]


def gather(
    actor: Actor,
    form: forms.Form,
    *,
    level: int,
    about: tuple[str, int],
    shared_units: Sequence[int] = (),
    act: str,
) -> list[int]:
    """Store what a valid form hands in and return the ids of all its files, those of an earlier try included.

    Nothing is stored when one of the files cannot be taken. The form remembers what was stored, so that a refusal
    later on does not ask for the files again.
    """
    received = [hand_in(actor, handed, act=act) for handed in form.cleaned_data["evidence"]]
    kept = queries.visible(actor=actor).filter(pk__in=form.cleaned_data["kept"], uploaded_by=actor.ref)
    ids = sorted(kept.values_list("pk", flat=True))
    for one in received:
        file_id = actions.upload(
            actor=actor,
            received=one,
            level=level,
            about_type=about[0],
            about_id=about[1],
            shared_units=shared_units,
        )
        ids.append(file_id)
        if (result := sweep.scan_file(file_id)).state == "infected":
            raise Refused(
                _("文件“%(name)s”查出病毒（%(found)s），已隔离，没有提交。请在本机查杀后重新选择。")
                % {"name": one.name, "found": result.detail},
                field="evidence",
            )
    _remember(actor, form, ids)
    return ids


def _remember(actor: Actor, form: forms.Form, ids: Sequence[int]) -> None:
    if ids:
        typed: Any = form.data
        form.data = typed = typed.copy()
        typed["kept"] = ",".join(map(str, ids))
        names = _("、").join(one.name for one in exhibits(actor=actor, ids=ids).values())
        form.fields["evidence"].help_text = _("已上传，不必再选：%(names)s") % {"names": names}


def exhibits(*, actor: Actor, ids: Iterable[int]) -> dict[int, Exhibit]:
    """The named files as far as this person may see them. One query."""
    rows = queries.current_versions(actor=actor, ids=set(ids))
    return {
        row.file_id: Exhibit(
            row.file_id,
            row.name,
            row.size,
            "" if rules.may_leave(row.scan_state) else rules.scan_sentence(row.scan_state, row.scan_detail),
        )
        for row in rows
    }
