"""One command over many profiles and regions. A cell is a profile, or a profile and a region."""
