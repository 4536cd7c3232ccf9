"""What planning costs, against the bare reading and writing of its cells and against a plain script."""
