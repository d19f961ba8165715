"""What parents are asked and what they answer: /box/yes/ (C4, C6)."""
