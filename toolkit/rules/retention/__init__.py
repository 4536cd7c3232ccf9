"""How long the records of a loan must be kept, and what holds them longer (五、(一)3.)."""
