"""The words of the product: sheets, columns, value lists, parameters, calendar, findings, errors, edits."""
