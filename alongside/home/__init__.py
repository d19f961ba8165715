"""The first page, the way out, and the pages that say what this place is and how it looks after words."""
