"""Reading other people's files: exports as workbooks, text and saved web pages."""
