"""The window, in Qt Widgets: pages that show what the library holds and say what the user wants.

`main_window` lays out and forwards; pages set records in type and emit signals; `words` says things; `theme`
holds the look. Widgets ask the `Reader` and the jobs only: no SQL, no network, no engines, no decisions.
Whatever comes from feeds or transcripts is shown as plain text.
"""
