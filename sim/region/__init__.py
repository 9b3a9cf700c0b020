"""What the world is: tables of real figures, and the networks between economies."""
