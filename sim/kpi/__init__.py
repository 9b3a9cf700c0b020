"""What is measured: the registry of KPIs."""
