"""Which visits are due, when and by whom (四 of the regulation)."""
