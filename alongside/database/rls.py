"""SQL for migrations: row-level security, the second lock behind the policy (S5)."""

from __future__ import annotations

from psycopg import sql

# The viewer of this transaction (alongside.database.viewer), null for nobody. Written inline by the planner.
VIEWER_FUNCTION = (
    "create or replace function alongside_viewer() returns uuid language sql stable parallel safe "
    "as $$ select nullif(current_setting('alongside.viewer', true), '')::uuid $$",
    "drop function alongside_viewer()",
)

CHECKED_BY = {
    "select": "using ({})",
    "insert": "with check ({})",
    "update": "using ({0}) with check ({0})",
    "delete": "using ({})",
}


def protect(table: str, **rules: str) -> tuple[str, str]:
    """Return (forward, reverse) SQL that shuts ``table`` to the web role but where a rule opens it.

    ``rules`` gives for each of select, insert, update and delete an SQL expression over the row and
    ``alongside_viewer()``, such as ``account_id = (select alongside_viewer())`` (in brackets it is computed
    once per statement); an action without a rule is refused. Not forced: the owner, who migrates and whose
    triggers check promises over all rows, is not bound; the web never logs in as the owner.
    """
    shut = sql.Identifier(table).as_string(None)
    forward = [f"alter table {shut} enable row level security"]
    reverse = [f"alter table {shut} disable row level security"]
    for action, rule in rules.items():
        name = sql.Identifier(f"{action}_own").as_string(None)
        forward.append(f"create policy {name} on {shut} for {action} {CHECKED_BY[action].format(rule)}")
        reverse.insert(0, f"drop policy {name} on {shut}")
    return ";\n".join(forward), ";\n".join(reverse)
