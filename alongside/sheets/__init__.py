"""What is being written: sheets that only their writer sees, with an account or kept for one device (PRODUCT 2 "Write").

Keeps D1: a word once shown as kept survives. A sheet of a guest opens only with the cookie of the device it was written on.
"""
