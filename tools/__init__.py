"""What a developer runs beside the function: register, doctor, tunnel. None of it is deployed."""

import importlib.util
import sys

NEEDED = ("nacl", "requests", "functions_framework", "werkzeug")
MISSING = "mando: %s has not the packages that this needs. make installs them first, and then runs the same:\n%s"
THE_SAME = '  make register ARGS="..."\n  make doctor ARGS="..."\n  make tunnel ARGS="..."'

if sys.version_info < (3, 12) or not all(map(importlib.util.find_spec, NEEDED)):
    sys.exit(MISSING % (sys.executable, THE_SAME))
