"""An older workbook, or one of another make, gets what it lacks; the shipped one is the pattern."""
