"""Alongside: a quiet, self-hosted place for families after the loss of a pregnancy or a baby."""
