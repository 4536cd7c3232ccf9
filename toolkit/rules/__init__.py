"""Pure decisions: planning, assignment, checks, classification, indicators. No I/O, no clock."""
