"""Alongside: a quiet, self-hosted place for families after the loss of a pregnancy or a baby."""

import os

# Before numpy is imported anywhere: a web process is one of many, and threads of its own for one small product slow
# all of them down (measured: encoding took several times as long on two busy cores).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
