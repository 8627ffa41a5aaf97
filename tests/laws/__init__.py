"""Long-running laws, such as from any library to any other, operation by operation (`journey`)."""
