"""Everything that can be asked of a library."""
