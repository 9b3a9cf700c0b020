"""Evidence: Sobol indices: the design, its runs, the indices and their words."""
