"""What head office decides: which branch gets which rows of a ledger, and what all branches together say."""
