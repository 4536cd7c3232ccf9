"""The only imperative middle: read → step → write, with backup, lock, log and errors."""
