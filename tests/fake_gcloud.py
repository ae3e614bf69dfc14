"""Stand in for gcloud, as deploy.sh meets it: write down the call, answer what the test ordered.

$FAKE_GCLOUD is a folder: calls.jsonl is written, answers.json read. An answer is {"match": pattern, "status", "out",
"err", "hang": seconds, "times"}; the first that matches the call counts, and `times` bounds how often. Without one, a
describe finds nothing and everything else succeeds in silence.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

folder = Path(os.environ["FAKE_GCLOUD"])
call = " ".join(sys.argv[1:])
with (folder / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps({"argv": sys.argv[1:], "environ": dict(os.environ)}) + "\n")

answer = {}
answers = json.loads((folder / "answers.json").read_text())
for ordered in answers:
    if re.search(ordered["match"], call) and ordered.get("times", 1) > 0:
        answer = ordered
        if "times" in ordered:
            ordered["times"] -= 1
            (folder / "answers.json").write_text(json.dumps(answers))
        break
else:
    if " describe " in call and not call.startswith("billing"):
        answer = {"status": 1, "err": "ERROR: (gcloud) NOT_FOUND: it was not found"}

time.sleep(answer.get("hang", 0))
sys.stdout.write(answer.get("out", ""))
sys.stderr.write(answer.get("err", ""))
sys.exit(answer.get("status", 0))
