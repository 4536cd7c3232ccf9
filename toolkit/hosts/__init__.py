"""Where tables live: closed files, and workbooks open in a program."""
