"""From two sides to a plan: observe, compare with the baseline, decide, check."""
