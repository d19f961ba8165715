"""One keepsake at a time: its page, writing in it, who may see it, where it lies, letting it go."""
