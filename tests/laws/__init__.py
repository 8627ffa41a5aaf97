"""The law: from any library to any other, operation by operation (see `journey`)."""
