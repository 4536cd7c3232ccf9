"""Records on their way in: rows of registers, answers of questionnaires and filled forms as one table with places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from toolkit.model import forms, reading, sheets
from toolkit.model import values as v
from toolkit.model.tables import FilledForm, column_letter, typed
from toolkit.rules.foreign.header_words import Remembered
from toolkit.rules.foreign.headers import Heading
from toolkit.rules.foreign.meaning import as_meant
from toolkit.rules.foreign.values import is_lost, is_rounded, since_1904
from toolkit.rules.ledger.rows import Export, label

SHEET = sheets.RECORDS
_NAMES = list(SHEET.names)


@dataclass(frozen=True)
class Origin:
    """One sheet or one form. `places`: field → 1-based column, or the address of the form's cell."""

    file: str
    name: str
    places: Mapping[str, int | str]
    questionnaire: bool = False


@dataclass(frozen=True)
class Incoming:
    """`data`, `raw`, `has` share a RangeIndex: every field of 回访记录, typed as in `Table.data`; the cells as meant;
    whether the origin has the field. `place`: columns origin (position in `origins`) and row (1-based, 0 for forms)."""

    origins: tuple[Origin, ...]
    data: pd.DataFrame
    raw: pd.DataFrame
    has: pd.DataFrame
    place: pd.DataFrame

    def __len__(self) -> int:
        return len(self.data)

    def cell(self, i: int, name: str = "") -> str:
        """登记簿.xlsx 的“九月”表 C5: where a value stands, for people."""
        return f"{self._origin(i).name} {self.address(i, name)}".strip()

    def address(self, i: int, name: str) -> str:
        at, row = self._origin(i).places.get(name, ""), int(self.place["row"].to_numpy()[i])
        return f"{column_letter(at)}{row}" if isinstance(at, int) else at or (f"第 {row} 行" if row else "")

    def file(self, i: int) -> str:
        return self._origin(i).file

    def _origin(self, i: int) -> Origin:
        return self.origins[int(self.place["origin"].to_numpy()[i])]

    def files(self) -> pd.Series:
        names = np.array([origin.file for origin in self.origins], dtype=object)
        return pd.Series(names[self.place["origin"].to_numpy()], index=self.place.index, dtype="object")

    def select(self, keep: pd.Series) -> "Incoming":
        if keep.all():
            return self
        frames = [frame[keep].reset_index(drop=True) for frame in (self.data, self.raw, self.has, self.place)]
        return Incoming(self.origins, *frames)


@dataclass
class Notes:
    """What the reading of one kind of source has to tell: `refused` (file, place, reason), `warnings`."""

    refused: list[tuple[str, str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def from_exports(exports: Sequence[tuple[Export, bool]]) -> list[Incoming]:
    """One `Incoming` for each (export of one source, whether it is a questionnaire)."""
    out = []
    for export, questionnaire in exports:
        source = export.sources[0]
        origin = Origin(source.file, label(source), export.columns[0], questionnaire)
        place = pd.DataFrame({"origin": 0, "row": export.place["row"].to_numpy()}, index=export.data.index)
        out.append(Incoming((origin,), export.data, export.raw, export.has, place))
    return out


def from_forms(filled: Sequence[FilledForm], notes: Notes) -> Incoming | None:
    """All filled forms as rows; None if there are none. Unused ones and those of another version are refused."""
    kept: list[FilledForm] = []
    for form in filled:
        reason = _objection(form)
        if reason:
            notes.refused.append((form.file, form.place, reason))
            continue
        kept.append(form)
        where = f"{form.file} {form.place}".strip()
        notes.warnings += [f"{where} {form.places.get(name, '')}：{why}" for name, why in form.doubts.items()]
        lacking = [] if form.version == forms.QUESTIONNAIRE else [n for n in forms.FORM_FIELDS if n not in form.values]
        if lacking:
            named = "、".join(f"“{SHEET.header(name)}”" for name in lacking)
            notes.warnings.append(f"{where}：表中的 {named} 栏已被删去，未读到，请核对")
    if not kept:
        return None
    raw = pd.DataFrame([form.values for form in kept], columns=_NAMES, dtype="object")
    raw = raw.where(raw.notna(), None)
    raw = raw.map(lambda cell: None if isinstance(cell, str) and not cell.strip() else cell)
    late = pd.Series([form.days_1904 for form in kept])
    if late.any():
        raw = pd.concat([raw[~late], since_1904(raw[late], SHEET)]).sort_index()
    # Words are translated like a register's; a form has no header to look them up by.
    heading = Heading(SHEET, 0, {name: i for i, name in enumerate(_NAMES)}, {}, {}, (), (), ())
    raw, _ = as_meant(raw, heading, Remembered())
    data = typed(SHEET, raw)
    has = pd.DataFrame([[name in form.values for name in _NAMES] for form in kept], columns=_NAMES)
    origins = tuple(
        Origin(f.file, f"{f.file} {f.place}".strip(), f.places, f.version == forms.QUESTIONNAIRE) for f in kept
    )
    return Incoming(origins, data, raw, has, pd.DataFrame({"origin": range(len(kept)), "row": 0}))


def _objection(form: FilledForm) -> str:
    if form.version not in forms.VERSIONS:
        return f"表单版本“{form.version[:20]}”无法识别，请用本版本重新生成记录表，或升级工具"
    ours = forms.PREFILLED_QUESTIONNAIRE if form.version == forms.QUESTIONNAIRE else forms.PREFILLED
    if all(reading.as_text(value) == "" for name, value in form.values.items() if name not in ours):
        return "没有填写，未收"
    return ""


def together(parts: Sequence[Incoming]) -> Incoming:
    """Several as one, in order."""
    origins = tuple(origin for part in parts for origin in part.origins)
    shifts = np.cumsum([0, *(len(part.origins) for part in parts)])
    places = [
        part.place.assign(origin=part.place["origin"] + shift) for part, shift in zip(parts, shifts, strict=False)
    ]
    data, raw, has = (
        pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in ("data", "raw", "has")
    )
    return Incoming(origins, data, raw, has, pd.concat(places, ignore_index=True))


def without_lost(incoming: Incoming) -> tuple[Incoming, list[str]]:
    """Error values and formulas that nobody has calculated count as blank, each named by its cell."""
    raw, told = incoming.raw.copy(), []
    for name in _NAMES:
        lost = is_lost(raw[name])
        if not lost.any():
            continue
        for i, text in raw.loc[lost, name].items():
            what = (
                "是没有计算结果的公式，请在 Excel 或 WPS 中打开该文件并保存后重新收集"
                if text == reading.UNCOMPUTED
                else f"是公式错误值 {text}"
            )
            told.append(f"{incoming.cell(i, name)}：{SHEET.header(name)}{what}，该格按空白收入")
        raw.loc[lost, name] = None
    if not told:
        return incoming, []
    return Incoming(incoming.origins, typed(SHEET, raw), raw, incoming.has, incoming.place), told


def spoilt(incoming: Incoming) -> list[str]:
    """Numbers whose last digits a spreadsheet has lost, each named by its cell; they are taken as they stand."""
    told = []
    for column in SHEET:
        blank = incoming.data[column.name]
        if blank.dtype != object:
            continue
        raw = incoming.raw[column.name]
        too_long = pd.Series(
            [isinstance(c, int | float) and not isinstance(c, bool) and abs(c) >= reading.EXACT_LIMIT for c in raw],
            index=raw.index,
        )
        for i in raw.index[too_long | is_rounded(raw)]:
            told.append(
                f"{incoming.cell(i, column.name)}：{column.header}是超过 15 位的数值，末尾几位已丢失，"
                "请改为文本后重新收集"
            )
    return told


def completed(incoming: Incoming, visits: pd.DataFrame) -> tuple[Incoming, list[str]]:
    """Questionnaires say neither 回访方式 nor 回访结果, and often not whose loan it is: what has no column is taken
    from the listed visit that 回访编号 names. Whatever the customer was asked stays as answered."""
    asked = np.array([origin.questionnaire for origin in incoming.origins], dtype=bool)
    rows = asked[incoming.place["origin"].to_numpy()] if len(incoming) else np.zeros(0, dtype=bool)
    if not rows.any():
        return incoming, []
    raw, has = incoming.raw.copy(), incoming.has.copy()
    known = visits[visits["visit_no"] != ""].drop_duplicates("visit_no").set_index("visit_no")
    known = known.reindex(incoming.data["visit_no"])
    given: dict[str, pd.Series] = {
        name: pd.Series(known[name].to_numpy(), index=raw.index, dtype="object")
        for name in ("contract_no", "drawdown_no", "customer_name", "phone", "visitor")
    }
    given["method"] = pd.Series(v.QUESTIONNAIRE, index=raw.index, dtype="object")
    given["result"] = pd.Series(v.SUCCESS, index=raw.index, dtype="object")
    for name, values in given.items():
        fill = rows & ~has[name].to_numpy() & values.notna().to_numpy() & (values != "").to_numpy()
        raw.loc[fill, name] = values[fill]
        has.loc[fill, name] = True
    told = [
        f"问卷 {int(rows.sum())} 份：没有的回访方式、回访结果按“{v.QUESTIONNAIRE}”“{v.SUCCESS}”收入，"
        "客户和合同按回访编号从回访清单取"
    ]
    return Incoming(incoming.origins, typed(SHEET, raw), raw, has, incoming.place), told
