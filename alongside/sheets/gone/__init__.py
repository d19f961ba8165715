"""Letting a sheet go, and bringing it back."""
