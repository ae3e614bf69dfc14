"""What the machinery does with a command's message: files that it shows, files that it brings."""

from response import File, Message

SHOWN = File("ä.png", "image/png", b"PNG", "An A.")
ATTACHED = File("b.csv", "text/csv", b"1,2")
MESSAGE = Message({"embeds": [{"image": {"url": "attachment://ä.png"}}]}, (SHOWN, ATTACHED))


def test_shown_files_are_those_that_the_body_refers_to() -> None:
    """A file is shown by attachment://NAME; any other is there to be downloaded."""
    assert MESSAGE.shown() == [SHOWN]


def test_linked_file_is_no_longer_brought() -> None:
    """Once a file has a public URL, the body shows that, and only the others are attached."""
    url = "https://example.org/a.png"

    assert MESSAGE.linked(SHOWN, url) == Message({"embeds": [{"image": {"url": url}}]}, (ATTACHED,))


def test_text_needs_no_file() -> None:
    """A message may be words alone."""
    assert Message({"content": "Hello"}).shown() == []
