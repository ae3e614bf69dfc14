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

os.chdir(os.environ["FAKE_GCLOUD"])  # pathlib would take half of the time
call = " ".join(sys.argv[1:])
with open("calls.jsonl", "a") as calls:  # noqa: PTH123
    calls.write(json.dumps({"argv": sys.argv[1:], "environ": dict(os.environ)}) + "\n")

answer = {}
with open("answers.json") as ordered_answers:  # noqa: PTH123
    answers = json.load(ordered_answers)
for ordered in answers:
    if re.search(ordered["match"], call) and ordered.get("times", 1) > 0:
        answer = ordered
        if "times" in ordered:
            ordered["times"] -= 1
            with open("answers.json", "w") as left:  # noqa: PTH123
                json.dump(answers, left)
        break
else:
    if " describe " in call and not call.startswith("billing"):
        answer = {"status": 1, "err": "ERROR: (gcloud) NOT_FOUND: it was not found"}

time.sleep(answer.get("hang", 0))
sys.stdout.write(answer.get("out", ""))
sys.stderr.write(answer.get("err", ""))
sys.exit(answer.get("status", 0))
