"""Discord and Cloud Storage on localhost: what the function, its tests and its tools need of them, faults included.

Never deployed. Tests, tools, benchmarks and the playground use them alike:

    import fakes

    with fakes.serve() as services:
        environ = services.environ                              # the function's settings, to meet these stand-ins
        sent = services.discord.send(endpoint, fakes.command({"seed": "tea", "private": True}, user="ada"))
        sent.status, sent.body, sent.elapsed                    # how the function answered the request itself
        sent.callbacks, sent.exchanges, sent.refusals           # what it called, in order, and what Discord objected to
        sent.wait(10)                                           # until the asker sees the result
        sent.message.content, sent.message.image_url, sent.message.buttons, sent.failed
        services.picture(sent.message).data                     # the PNG, from the bucket or the message's attachment
        services.discord.press(endpoint, sent.message, "Delete", user="benoit")
        opened = services.discord.press(...); opened.modal       # the modal that it opened, {} without one
        services.discord.submit(endpoint, opened, {"seed": "tea", "rings": ["7"]})     # the rest as it was filled in
        services.discord.use(endpoint, "Their mandala", fakes.USERS["benoit"])
        services.discord.use(endpoint, "Draw this", services.discord.rules.say(fakes.USERS["ada"], "good tea"))
        services.faults.edit = ["503", "429 0.2"]               # see fakes.faults for all of them
        services.discord.rules.skip(900)                        # Discord's clock jumps
        services.discord.api.bot_token, .commands, .endpoint    # for the tools
        services.discord.api.server.opened                      # connections, kept alive or not; bucket.server likewise

serve(tls=True) speaks HTTPS: services.ca_file signs it, and services.environ makes the function trust it.

Any other payload is sent as it is: services.discord.send(endpoint, {"type": 2, "data": None}).
"""

from fakes.discord.payloads import ASKER, USERS, command, context_command, press, submission
from fakes.services import BUCKET_NAME, Services, serve

__all__ = ["ASKER", "BUCKET_NAME", "USERS", "Services", "command", "context_command", "press", "serve", "submission"]
