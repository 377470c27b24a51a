"""The design system: one look for every room, and no business of any.

Building a page: extend `ui/base.html`, pass `title` (and `subtitle`, `crumbs`, `form`, `classification` where
they apply), fill the blocks `tools`, `content`, `aside`; `{% load ui %}` for icons, lights, times, fields, pager.
Signing in and errors extend `ui/plain.html`. A page for wide print puts `sheet-wide` into the block `sheet`.
The reader page also loads `ui/reader.js` in the block `assets`. `ui:styleguide` shows every component (DEBUG only).
Rooms add navigation, places and panels through `registry` in their `AppConfig.ready`.

What the script reads: `data-bulk` form with `.pick`, `[data-all]`, `.bulk`, `[data-count]`; `data-list` with
`data-row` (j, k, Enter, x, and `data-key="e"` on a button of the row); `data-draft="name"` and `data-guard` forms;
`data-confirm` and `data-confirm-word` on a form or its button (the word is posted as `confirm_word`); `data-copy`;
`data-focus` and `data-announce` on swapped parts; `data-span="start-end"`, `data-select-target="#form"` (reader).
An undo for ten seconds: a message with `extra_tags="undo:<address>"`.
"""
