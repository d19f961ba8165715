"""From a keepsake box to a story: what is chosen, the chapter's editor, the working copies. Nothing here is anybody else's to see (V1, D1)."""
