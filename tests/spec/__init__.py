"""The code blocks of the texts that describe the library, run as they stand."""
