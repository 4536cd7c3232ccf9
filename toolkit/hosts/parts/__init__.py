"""Editing a closed workbook part by part: only what has to change is rewritten."""
