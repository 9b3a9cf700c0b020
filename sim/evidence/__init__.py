"""Evidence: what history says: figures, errors, fits and tests of forecasts."""
