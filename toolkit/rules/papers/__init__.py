"""The papers beside the report: which rows become which paper, and what stands on it."""
