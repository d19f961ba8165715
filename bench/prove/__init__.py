"""Assurance campaigns: each tries to break a promise against a throw-away installation and counts what it found."""
