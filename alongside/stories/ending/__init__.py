"""Taking a story back and erasing it: /box/story/<story>/take-back/ and /erase/ (C3, D3, L1)."""
