"""Versions of a keepsake’s words on the screen: two side by side, and all that came before (D1)."""
