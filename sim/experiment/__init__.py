"""Running many: ensembles, draws, batches, stored results."""
