"""The keepsake box: the private place of one baby or one loss (V1, L1).

A box is seen by its family's parents alone; row-level security says so a second time, below this code.
"""
