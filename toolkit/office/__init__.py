"""Head office: the ledger out to the branches, their workbooks back, the whole in one workbook and one report."""
