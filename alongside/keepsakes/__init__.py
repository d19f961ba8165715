"""The keepsake box: the private place of one baby or one loss (V1, L1).

A box is its parents’; a relative sees what was shown to them. Row-level security says so a second time, below this code.
"""
