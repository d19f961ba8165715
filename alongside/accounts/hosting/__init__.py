"""What hosts do about joining."""
