"""Where files that somebody sent are decoded: one process per file, which can reach nothing (S17, S18, S21).

``parent.run`` is the only way in. A job is a module with a function ``work(source, asked)``, which takes the file and a few
plain values, and gives back ``(facts, parts)``: plain values and bytes. The module imports all that it needs when it is
imported itself; afterwards no file opens any more. It raises ``Refused`` for what it does not take, and imports no Django.

``parent`` and ``turns`` live in the web process; ``child``, ``locks``, ``landlock``, ``seccomp`` in the child; ``answer``
in both. Why: docs/decisions/0012-decoding-in-a-jail.md.
"""
