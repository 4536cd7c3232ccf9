"""Another file in the place of a workbook that is open: tried first, everything kept, all of it or nothing."""

import time
from pathlib import Path

from toolkit.hosts.host import Host
from toolkit.hosts.replacing import back_up, hidden_beside, replace_file
from toolkit.model.errors import ToolkitError

PATIENCE_SECONDS = 5.0  # a virus scanner or OneDrive may look at a file just let go
_PAUSE = 0.1


def present_state(host: Host) -> bytes:
    """The workbook as it is now, as a file: byte for byte the one on the disk unless there are unsaved changes.

    Raises `ToolkitError` if the program cannot write a copy.
    """
    if not host.unsaved():
        return host.path.read_bytes()
    with hidden_beside(host.path) as copy:
        host.save_copy(copy)
        return copy.read_bytes()


def exchange(host: Host, content: bytes, present: bytes) -> Path:
    """Close the workbook, put `content` in its place, open it again; returns the backup that holds `present`.

    What was last saved is kept as a backup too if `present` has more. Raises `ToolkitError` if that cannot be done;
    the workbook is then open as it was, or the sentence says where it is.
    """
    path = host.path
    with hidden_beside(path, path.suffix) as trial:
        trial.write_bytes(content)
        host.try_open(trial)
    saved = path.read_bytes()
    if present != saved:
        back_up(path, saved)
    kept = back_up(path, present)
    host.exchange(Replacement(path, content, saved=saved, present=present, kept=kept))
    return kept


class Replacement:
    """What the host does with the file while the program has let go of it."""

    def __init__(self, path: Path, content: bytes, *, saved: bytes, present: bytes, kept: Path) -> None:
        self._path, self._content, self._saved, self._present = path, content, saved, present
        self._kept, self._why = kept, ""

    def make(self) -> None:
        """The new file takes the place of the old one; raises `ToolkitError` if it cannot, which then is untouched."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                replace_file(self._path, self._content, backup=False)
                return
            except ToolkitError as error:
                if time.monotonic() >= until:
                    self._why = f"（{error.what}）"
                    raise
                time.sleep(_PAUSE)

    def take_back(self, *, lost: bool) -> bool:
        """The file as it was; with `lost` (the program has let go of the unsaved changes) with these in it.

        Does the file now hold all that the program has let go of?
        """
        wanted = self._present if lost else self._saved
        for state in (wanted, self._saved):
            try:
                if self._path.read_bytes() != state:
                    replace_file(self._path, state, backup=False)
            except (OSError, ToolkitError):
                continue
            return state == wanted
        return False

    def failure(self, *, whole: bool, is_open: bool) -> ToolkitError:
        """The sentence for a taken-back exchange. `whole`: what `take_back` said."""
        what = f"没有能够换上新的文件{self._why}，" + (
            "工作簿已照原样重新打开" if is_open else "工作簿也没有能够重新打开"
        )
        mend = "请稍后再按一次按钮" if is_open else "请从文件夹中重新打开工作簿，再按一次按钮"
        if not whole:
            mend = f"按下前的内容（含未保存的修改）在“{self._kept.parent.name}”文件夹的 {self._kept.name} 中，{mend}"
        return ToolkitError(what, where=self._path.name, mend=mend)
