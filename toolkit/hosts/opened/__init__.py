"""What workbooks open in a program have in common: which cells, marks, notes and links a step's edits come to."""
