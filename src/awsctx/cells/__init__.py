"""Many at once: one command over profiles and regions. A cell is a profile, or a profile and a region."""
