"""What both sides agree on, remembered after an apply or a pull (see `baseline`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.manifest import Desired
    from stashsync.planner import Policy
    from stashsync.state import State


def agreed(session: Session, desired: Desired, observed: State, policy: Policy) -> None:
    """Keep what is observed of every declared object.

    Objects that the policy does not choose keep what was known of them.
    """
    from stashsync.engine.baseline import keep, remember
    from stashsync.planner import Policy, pair_up

    server = session.run(session.observer().capabilities())
    _, pairs = pair_up(desired.state, observed, server, policy=Policy(lenient=True))
    now = remember(server.identity, [(one.desired, one.observed) for one in pairs])
    left_out = [
        (one.desired.kind, one.observed.id)
        for one in pairs
        if one.observed is not None and not policy.chooses(one.desired)
    ]
    session.remember(keep(now, session.baseline(server.identity), left_out))


def agreed_after_apply(session: Session) -> None:
    """Look again once everything was applied, and remember that. A failure is only told."""
    from stashsync.cli.output import talk
    from stashsync.cli.scope import policy_of
    from stashsync.cli.session import SANDBOX
    from stashsync.engine.observe import wanted_by
    from stashsync.errors import StashError

    folder = session.root / session.settings.manifests
    if not folder.is_dir() or session.settings.url == SANDBOX:
        return  # a saved plan carried out from elsewhere, or a server that is gone in a moment
    try:
        desired = session.load()
        observed = session.run(session.observer().observe(wanted_by(desired.state)))
        agreed(session, desired, observed, policy_of(session.settings, session.options))
    except StashError as error:
        talk(f"Warning: what both sides agree on is not remembered: {error.message}")
