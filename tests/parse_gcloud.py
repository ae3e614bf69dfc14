"""Parse gcloud commands with gcloud's own parsers, in one process and without running them.

For gcloud's Python, with gcloud's libraries in PYTHONPATH. Reads a JSON list of argument lists; exits 1 naming on
stderr those that gcloud would refuse: an unknown flag, a bad value, a malformed --filter or --format.
"""

import json
import sys
from argparse import Namespace

from googlecloudsdk import gcloud_main  # type: ignore[import-not-found]  # gcloud's own, not ours
from googlecloudsdk.calliope import backend  # type: ignore[import-not-found]
from googlecloudsdk.core.resource import resource_filter, resource_printer  # type: ignore[import-not-found]


def only_parse(_command: object, cli: object, args: Namespace) -> None:
    """Stand in for running the command; what gcloud parses late is parsed here."""
    del cli
    if getattr(args, "filter", None):
        resource_filter.Compile(args.filter)
    if args.format:
        resource_printer.Printer(args.format)


def refused(arguments: list[str]) -> object:
    try:
        gcloud_main.CreateCLI([]).Execute(arguments)
    except SystemExit as error:
        return error.code
    return None


backend.Command.Run = only_parse
bad = [arguments for arguments in json.load(sys.stdin) if refused(arguments)]
for arguments in bad:
    sys.stderr.write(f"refused: {arguments}\n")
sys.exit(bool(bad))
