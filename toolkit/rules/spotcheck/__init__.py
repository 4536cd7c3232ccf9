"""Spot checks: which records are asked about again, what came of it, and what that says of all records (七、(一)2.)."""
