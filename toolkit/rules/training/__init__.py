"""Training of visitors: what their errors suggest, and cases to practise on (八、(一))."""
