"""What is wrong or odd in the visit records (五、(一) of the regulation)."""
