"""Which permission each screen and button asks for, by the name of its route. What is not named here asks for the usual one."""

from __future__ import annotations

from rules.account import Permission
from rules.api_token import TokenScope

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
        "add_my_token",
        "revoke_my_token",
        "api",  # the screen that tells of it
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
    "api_decide": Permission.DECIDE,
    "api_change_decision": Permission.DECIDE,
    "api_ask_check": Permission.CHECK,
    "api_ask_run": Permission.CHECK,
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
    "freeze_evaluation": Permission.AUDIT,
    "write_cell": Permission.AUDIT,
    "write_statement": Permission.AUDIT,
    "read_statement": Permission.AUDIT,
    "ask_journeys": Permission.CHECK,
    "audit_trail": Permission.AUDIT,
    "audit_table": Permission.AUDIT,
    "settings": Permission.AUDIT,  # whoever judges may see how it was measured
    "settings_group": Permission.AUDIT,
    "settings_file": Permission.AUDIT,
    "settings_import": Permission.ADMINISTER,
    "send_settings": Permission.ADMINISTER,
    "undo_settings": Permission.ADMINISTER,
    "write_settings": Permission.ADMINISTER,
    "add_owner": Permission.ADMINISTER,
    "send_owners": Permission.ADMINISTER,
    "remove_owner": Permission.ADMINISTER,
    "subscribe": Permission.ADMINISTER,
    "unsubscribe_person": Permission.ADMINISTER,
    "messages": Permission.ADMINISTER,  # it names people and their addresses
}
OF_ALL = frozenset(  # only who administers all sites
    {
        "accounts",
        "add_new_site",
        "all_settings",
        "all_settings_file",
        "all_settings_group",
        "all_settings_import",
        "change_account",
        "change_role",
        "invite_person",
        "new_site",
        "send_all_settings",
        "undo_all_settings",
        "write_all_settings",
    }
)
SCOPES = {  # what a token has to be for; what is not named here reads
    "api_decide": TokenScope.DECIDE,
    "api_change_decision": TokenScope.DECIDE,
    "api_ask_check": TokenScope.RUN,
    "api_ask_run": TokenScope.RUN,
}
OF_EVERY_TOKEN = frozenset({"api_me", "api_rules", "api_sites"})  # about no site; sites: only those that one may see
USUAL_TO_SEE = Permission.SEE
USUAL_TO_CHANGE = Permission.ADVISE  # tasks, searches, products, rules of the organisation
PLANNING = ("plan", "schedule", "pause", "resume", "cancel", "run_")  # how names begin of what the clock does


def permission_of(name: str, *, changes: bool) -> Permission:
    """What a route asks for."""
    if name in OF_ALL:
        return Permission.ADMINISTER
    if name in ASKS:
        return ASKS[name]
    if changes and name.startswith(PLANNING):
        return Permission.ADMINISTER
    return USUAL_TO_CHANGE if changes else USUAL_TO_SEE
