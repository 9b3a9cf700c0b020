"""What people choose: scenario files, levers, costs."""
