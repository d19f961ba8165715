"""Photos and recordings on their way into a box, piece by piece, and the pages on which they begin (D2, S16)."""
