"""What stands on a visit's form: the texts per visit, and the names of the files."""
