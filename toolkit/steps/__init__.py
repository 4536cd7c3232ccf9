"""One module per button: tables in, edits out."""
