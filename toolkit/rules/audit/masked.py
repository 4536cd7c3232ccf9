"""The pack leaves the branch: names, phones, ID numbers and quoted text masked by the privacy class of the column."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model.fields import Privacy, Sheet
from toolkit.model.masking import mask_id, mask_name, mask_phone
from toolkit.model.tables import Table
from toolkit.rules.report.wording import Quotes

_MASK = {Privacy.NAME: mask_name, Privacy.PHONE: mask_phone, Privacy.ID_NUMBER: mask_id}


def masked(pages: list[tuple[Sheet, pd.DataFrame]], tables: Mapping[str, Table]) -> list[tuple[Sheet, pd.DataFrame]]:
    """The pages with only the columns of their sheets."""
    kept = [(sheet, frame.reindex(columns=list(sheet.names)).reset_index(drop=True)) for sheet, frame in pages]
    free = [(frame, field.name) for sheet, frame in kept for field in sheet if field.privacy is Privacy.FREE_TEXT]
    texts = sorted({text for frame, name in free for text in frame[name].dropna().astype(str) if text})
    names = {name for sheet in (sheets.LOANS, sheets.RECORDS) for name in tables[sheet.title].data["customer_name"]}
    quoted = dict(zip(texts, map(Quotes(names, texts), texts), strict=True))
    for frame, name in free:
        frame[name] = [quoted.get(text, text) for text in frame[name]]
    for sheet, frame in kept:
        for field in sheet:
            if field.privacy in _MASK:
                mask = _MASK[field.privacy]
                frame[field.name] = [mask(cell) if isinstance(cell, str) else cell for cell in frame[field.name]]
    return kept
