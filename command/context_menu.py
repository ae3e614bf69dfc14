"""What the two commands of a right click draw from: Discord sends their target along, in data.resolved.

https://docs.discord.com/developers/interactions/application-commands#user-commands, and #message-commands
"""

import re
from collections.abc import Mapping
from typing import Any

from interaction import SNOWFLAKE
from picture.recipe import normalise

SPOILER = re.compile(r"\|\|.+?\|\|", re.DOTALL)


def words(data: Mapping[str, Any]) -> str:
    """Return what can be seen of a message as a seed, "" if that is nothing; a spoiler stays hidden."""
    match data:
        case {"target_id": str(target), "resolved": {"messages": dict(messages)}}:
            content = messages[target].get("content") if isinstance(messages.get(target), dict) else None
            return normalise(SPOILER.sub(" ", content)) if isinstance(content, str) else ""
    return ""


def person(data: Mapping[str, Any]) -> str:
    """Return a mention of a user as a seed, "" if there is none.

    It is made of the id alone, which never changes, as names and pictures do: the same person has the same mandala,
    whoever asks. And it is what Discord sends when somebody types `/mando seed:@Ada`.
    """
    target = data.get("target_id")
    return f"<@{target}>" if isinstance(target, str) and SNOWFLAKE.fullmatch(target) else ""
