"""Builds what is shipped (workbook, Word template, docs tables, samples) from the model and the actions."""
