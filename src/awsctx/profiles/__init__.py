"""What add, copy, rename, remove and sync do to the user's profiles."""
