"""Coming in by an invitation: its code, what is there to say yes to, and the yes."""
