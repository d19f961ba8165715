"""What is held back until a person has read it (M0, M1).

In this release: a newcomer's first story. The number before which words are held is the steward's; what is held does
not exist for anyone but its own writer until a host releases it.
"""
