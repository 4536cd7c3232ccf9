"""Internal audit's evidence: was the plan carried out, are the records true, were issues handled (七、(一)1.)."""
