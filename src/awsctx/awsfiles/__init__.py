"""The user's AWS files: `names` finds (fast), `read` judges, `edit` changes text, `write` changes files."""
