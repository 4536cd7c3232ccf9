"""What every place where a workbook can be has in common: the closed file, Excel, LibreOffice.

Nothing is inherited: a host has these methods. The contract suite `tests/test_hosts.py` runs against each of them.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from toolkit.model.fields import Sheet
from toolkit.model.tables import SheetEdits, Table

if TYPE_CHECKING:
    from toolkit.hosts.opened.exchange import Replacement


class Readable(Protocol):
    """A workbook that can be read: all that deciding needs."""

    def read(self, sheet: Sheet) -> Table:
        """The sheet as a table, just as `ClosedFile.read` gives it: same raw cells, same errors."""

    def named(self, name: str) -> object:
        """Value of the single cell that a workbook-level name points at; None if there is no such name."""

    def find_right_of(self, title: str, label: str) -> object:
        """Value right of the cell of sheet `title` whose text is `label`; None if there is none."""


class Host(Readable, Protocol):
    """A workbook open in a program.

    Every method may raise `ToolkitError`; one raised by `save_copy`, or by what
    `prepare` returns, leaves the workbook as it was.
    """

    @property
    def path(self) -> Path:
        """The local file behind the workbook; backups go beside it."""

    def working(self) -> AbstractContextManager[None]:
        """Around everything from reading to writing: no flicker meanwhile; afterwards screen, cursor and status bar
        are as before, whatever happened. Before it returns the host has refused a workbook that cannot be written
        (read-only, being edited)."""

    def progress(self, stage: str) -> None:
        """Show a few words while working."""

    def save_copy(self, target: Path) -> None:
        """Write the workbook as it is now, unsaved changes included, to `target`, in its own format."""

    def prepare(
        self, edits: Sequence[SheetEdits], tables: Mapping[str, Table], named: Mapping[str, object] | None = None
    ) -> Callable[[], None]:
        """What does all edits or none, as `ClosedFile.render` does: `tables` holds the sheets as read, `named` values
        for named cells (names that do not exist are passed over). Saving is left to the user.

        Raises `ToolkitError`, before anything is written, if something in the workbook is in the way.
        """

    def unsaved(self) -> bool:
        """Has the workbook changes that the file on the disk has not?"""

    def refuse_exchange(self) -> None:
        """Raise `ToolkitError` if the file cannot be exchanged safely while the program has it open."""

    def try_open(self, file: Path) -> None:
        """Open another file unseen, without its macros, and close it; raises `ToolkitError` if it does not open."""

    def exchange(self, files: "Replacement") -> None:
        """Let go of the workbook without saving, `files.make()`, and work on the file opened anew.

        If that fails whatever was done is taken back, the workbook opened again, and `files.failure` raised.
        """

    def choose_files(self, title: str) -> tuple[Path, ...]:
        """Let the user pick files; () if the choice was cancelled."""

    def notify(self, title: str, text: str, *, refused: bool) -> None:
        """The one dialog that ends a press."""
