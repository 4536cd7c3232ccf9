"""Word papers: context in, docx out."""
