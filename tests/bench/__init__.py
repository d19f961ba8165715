"""Benches and campaigns, run small: they find what they look for, and say so when it is not there."""
