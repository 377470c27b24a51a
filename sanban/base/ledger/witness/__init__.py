"""见证: a small program of one office that signs our heads after it has seen that nothing before them changed.

It shares no database, key or settings with the site: an office runs it on a machine of its own (C2SP tlog-witness).
"""
