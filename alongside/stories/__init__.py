"""What a family tells: stories with chapters, each revision agreed by every parent before anyone else reads it.

Keeps C1–C4, C6 and C7 (consent), D3 (publishing and withdrawing are each one transaction) and V5. The
database holds the main promise a second time: a constraint trigger refuses any commit after which strangers could
read a chapter that lacks a current parent's yes.
"""
