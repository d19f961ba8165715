"""Photos and voices of a box: keeping them, showing them folded or not, and their bytes (P1, V7, D2)."""
