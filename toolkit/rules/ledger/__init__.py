"""How a core-system export is understood and merged into the ledger."""
