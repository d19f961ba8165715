"""What somebody says of themselves, and what is theirs alone to decide."""
