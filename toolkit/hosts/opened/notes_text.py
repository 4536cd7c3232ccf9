"""The text of a note with our lines below the clerk's own."""

from toolkit.hosts.parts.notes import LINE, marked_lines


def with_lines(text: str, ours: str) -> str:
    """`text` without our earlier lines and with those of `ours` below; "" if nothing is left to say."""
    if LINE not in text and not ours:
        return text
    theirs = "\n".join(line for line in text.split("\n") if not line.startswith(LINE))
    if not theirs.strip():
        theirs = ""
    return "\n".join(part for part in (theirs, marked_lines(ours)) if part)
