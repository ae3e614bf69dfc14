"""The bucket, as anybody meets it: one picture by its name, and not which there are."""

from collections.abc import Iterator
from http import HTTPStatus

from tools.checks.finding import Finding
from tools.http import NoAnswer, ask

STORAGE = "https://storage.googleapis.com"
HIDDEN, SEEN = "Nobody can list the pictures", "Anybody can see a picture"
PUBLIC = "./deploy.sh sets the bucket's access"
NO_PICTURE = "no picture is known: --picture NAME, or draw one and let gcloud list it (gcloud auth login)"


def check(bucket: str, picture: str, storage: str = STORAGE) -> Iterator[Finding]:
    try:
        listing = ask("GET", f"{storage}/storage/v1/b/{bucket}/o")
        if listing.status == HTTPStatus.NOT_FOUND:
            yield Finding("There is a bucket", right=False, seen=f"{bucket} is not there", cure="./deploy.sh makes it")
            return
        hidden = listing.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
        yield Finding(HIDDEN, hidden, f"{listing.status} to anybody who asks", PUBLIC, listing.status)
        if not picture:
            yield Finding(SEEN, None, NO_PICTURE)
            return
        answer = ask("GET", f"{storage}/{bucket}/{picture}")
        kind = answer.headers.get("Content-Type", "")
        seen = f"{answer.status} {kind}, {len(answer.body) / 1000:.0f} kB"
        yield Finding(SEEN, answer.status == HTTPStatus.OK and kind == "image/png", seen, PUBLIC, answer.status)
    except NoAnswer as error:
        yield Finding("The bucket answers", right=False, seen=str(error), cure=error.cure)
