"""What the tools' command lines have in common."""

import argparse

from config import is_api_url


def command_line(tool: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"python -m tools.{tool}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def server(text: str) -> str:
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):  # noqa: PLR2004 - digits of 64 bits
        raise argparse.ArgumentTypeError("digits: right-click the server, Copy Server ID (in Developer Mode)")
    return text


def address(text: str) -> str:
    if not is_api_url(text):
        raise argparse.ArgumentTypeError("an address that begins with https://")
    return text
