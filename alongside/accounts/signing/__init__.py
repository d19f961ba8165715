"""Coming in: a mailed code, a passkey, the second step, joining."""
