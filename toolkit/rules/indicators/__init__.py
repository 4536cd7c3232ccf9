"""The four indicators (七、(二) of the regulation)."""
