"""Writing new workbooks: the shipped template, samples and whole new files."""
