"""PostgreSQL: the embedded server, the roles on it, its address, and the viewer of a transaction.

The server's own log keeps no value and no statement (S1, H2). The web process logs in as a role that owns
nothing and cannot bypass row-level security (S5). The viewer is set per transaction, so that no pool carries
it over. Decision: docs/decisions/0003-embedded-postgresql.md.
"""
