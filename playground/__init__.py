"""A Discord on localhost: what /mando needs of Discord and of Cloud Storage, faults included. Never deployed.

`python -m playground` opens it in the browser. Tests use the same stand-ins:

    import playground

    with playground.serve() as world:
        environ = world.environ                         # the function's settings, to meet these stand-ins
        sent = world.discord.send(endpoint, playground.command({"seed": "tea", "private": True}, user="ada"))
        sent.status, sent.body, sent.elapsed            # how the function answered the request itself
        sent.callbacks, sent.exchanges, sent.refusals   # what it called, in order, and what Discord objected to
        sent.wait(10)                                   # until the asker sees the result
        sent.message.content, sent.message.image_url, sent.message.buttons, sent.failed
        world.picture(sent.message).body                # the PNG, from the bucket or the message's attachment
        world.discord.press(endpoint, sent.message, "Delete", user="benoit")
        world.faults.edit = ["503", "429 0.2"]          # see playground.faults for all of them
        world.discord.rules.skip(900)                   # Discord's clock jumps
        world.discord.api.bot_token, .commands, .endpoint    # for the tools

Any other payload is sent as it is: world.discord.send(endpoint, {"type": 2, "data": None}).
"""

from playground.sender import ASKER, USERS, command, press
from playground.world import BUCKET_NAME, World, serve

__all__ = ["ASKER", "BUCKET_NAME", "USERS", "World", "command", "press", "serve"]
