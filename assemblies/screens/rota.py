"""The panel that shows whom the rota proposes for a role."""

import json
from typing import Any

from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, panel
from assemblies.models import Role
from assemblies.services.roles import objected_to
from assemblies.sheets import Roll, Service


@panel(
    "rota",
    "assemblies/_rota.html",
    "service",
    "roll",
    "question",
    "meeting",
    audiences=[FACILITATOR],
)
def rota_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return whom the rota proposes, with acts to give the role or to get the next name."""
    said, roll = page.sheet(Service).proposed, page.sheet(Roll)
    if said is None or page.meeting.phase == "ended":
        return {"role": ""}
    role = said["role"]
    away = objected_to(page, role)
    people = [one for key in said["who"] if (one := roll.find(key)) is not None]
    wanted = [one for one in people if role not in roll.roles_of(one)]
    again = {name: said[name] for name in ("role", "trained", "parity")}
    return {
        "role": role if wanted else "",
        "role_label": dict(Role.Code.choices).get(role, role),
        "seed": said["seed"],
        "people": [
            {
                "key": one.key,
                "name": one.name,
                "free": one.present and one.key not in away,
                "give": json.dumps({"do": "give_role", "role": role, "who": one.key}),
                "next": json.dumps(
                    {
                        "do": "propose_by_rota",
                        **again,
                        "n": len(wanted),
                        "but": [*said["but"], one.key],
                    }
                ),
            }
            for one in wanted
        ],
    }
