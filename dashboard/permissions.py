"""Which permission each screen and button asks for, by the name of its route. What is not named here asks for the usual one."""

from __future__ import annotations

from rules.account import Permission

OPEN = frozenset(
    {
        "start",
        "static",
        "healthy",
        "ready",
        "metrics",  # has a token of its own
        "log_in",
        "log_in_now",
        "second_factor",
        "second_factor_now",
        "log_out",
        "invitation",
        "accept_invitation",
        "organisation_log_in",
        "organisation_answer",
        "public",  # whoever may see the site's own page; it is off until somebody turns it on
        "unsubscribe",  # by the token in a mail
        "leave",
    }
)
OF_EVERYBODY = frozenset(  # who has logged in, whatever they may do
    {
        "my_account",
        "change_my_password",
        "begin_second_factor",
        "set_my_second_factor",
        "drop_my_second_factor",
        "shortcuts",
        "set_shortcuts",
    }
)
ASKS: dict[str, Permission] = {
    "ask_check": Permission.CHECK,
    "ask_run": Permission.CHECK,
    "desk_decide": Permission.DECIDE,
    "change_decision": Permission.DECIDE,
    "set_journey_target": Permission.MANAGE,
    "set_kpi_target": Permission.MANAGE,
    "annotate": Permission.MANAGE,
    "remove_annotation": Permission.MANAGE,
    "write_ticket": Permission.MANAGE,
    "hand_ticket": Permission.MANAGE,
    "file_ticket": Permission.MANAGE,
    "close_barrier": Permission.DECIDE,
    "write_barrier": Permission.DECIDE,
    "begin_evaluation": Permission.AUDIT,
    "steer_evaluation": Permission.AUDIT,
    "write_evaluation": Permission.AUDIT,
    "change_sample": Permission.AUDIT,
    "write_cell": Permission.AUDIT,
    "write_statement": Permission.AUDIT,
    "read_statement": Permission.AUDIT,
    "ask_journeys": Permission.CHECK,
    "audit_trail": Permission.AUDIT,
    "audit_table": Permission.AUDIT,
    "add_owner": Permission.ADMINISTER,
    "send_owners": Permission.ADMINISTER,
    "remove_owner": Permission.ADMINISTER,
    "subscribe": Permission.ADMINISTER,
    "unsubscribe_person": Permission.ADMINISTER,
    "messages": Permission.ADMINISTER,  # it names people and their addresses
    "accounts": Permission.ADMINISTER,
    "invite_person": Permission.ADMINISTER,
    "change_account": Permission.ADMINISTER,
    "change_role": Permission.ADMINISTER,
}
USUAL_TO_SEE = Permission.SEE
USUAL_TO_CHANGE = Permission.ADVISE  # tasks, searches, products, rules of the organisation
PLANNING = ("plan", "schedule", "pause", "resume", "cancel", "run_")  # how names begin of what the clock does


def permission_of(name: str, *, changes: bool) -> Permission:
    """What a route asks for."""
    if name in ASKS:
        return ASKS[name]
    if changes and name.startswith(PLANNING):
        return Permission.ADMINISTER
    return USUAL_TO_CHANGE if changes else USUAL_TO_SEE
