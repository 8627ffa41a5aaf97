"""Every output format, for plans, runs and problems."""
