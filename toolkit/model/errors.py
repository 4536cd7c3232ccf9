"""Trouble a clerk can mend: one Chinese sentence that says what, where and what to do."""


class ToolkitError(Exception):
    """A refusal: nothing was written. `str()` is the sentence for the screen; exit code 2.

    `what` is the fault, `where` the file, sheet, cell or parameter, `mend` what to do.
    """

    def __init__(self, what: str, *, where: str = "", mend: str) -> None:
        self.what, self.where, self.mend = what, where, mend
        place = f"{where}：" if where else ""
        super().__init__(f"{place}{what}，{mend.rstrip('。')}。")
