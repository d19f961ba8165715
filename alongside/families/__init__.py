"""Who holds a keepsake box together, and what happened, as far as they say.

Keeps C5 (one parent is a family; nobody is asked for "the other"; nobody can be removed by another) and the
vocabulary of circumstances, which an operator may edit (``vocabulary.toml``).
"""
