"""What entries tell of moderators: the ids that they have in the batch, and their teams.

Entries come in one by one; what is known by then stands in `Named`, by name as it is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.moderation.entries import Assigned, Body, Draw
from engine.moderation.people import person


@dataclass
class Named:
    """What was told so far. A team is known by the ids of who is in it, too."""

    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)

    def hear(self, body: Body) -> None:
        """Take what an entry tells."""
        for name, id_ in _ids(body).items():
            self.ids[person(name)] = self.ids.get(person(name), frozenset()) | {id_}
        for name, team in _teams(body).items():
            self.teams |= {person(one): team for one in (name, *self.ids.get(person(name), ()))}


def _ids(body: Body) -> Mapping[str, str]:
    """Return the ids that an entry tells of moderators, by name."""
    if isinstance(body, Draw):
        return body.ids
    if isinstance(body, Assigned) and body.moderator_id:
        return {body.moderator: body.moderator_id}
    return {}


def _teams(body: Body) -> Mapping[str, str]:
    """Return the teams that an entry tells of moderators, by name."""
    if isinstance(body, Draw):
        return body.teams
    if isinstance(body, Assigned) and body.moderator_team:
        return {body.moderator: body.moderator_team}
    return {}
