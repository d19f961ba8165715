"""Who may see what: the one answer to that question (V1–V5).

``reader.py`` says who is reading, ``audience.py`` for whom something was meant, ``policy.py`` puts the two together.
Pages, search, nearest, counts, photographs and the command line all ask here; nothing else decides.
"""
