"""The face of digiregion: regions, scenarios, runs."""
