"""The figures and sentences of the management report (六、(四) of the regulation)."""
