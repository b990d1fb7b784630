"""The user's AWS files: `names` looks up (fast), `document` holds a whole one, `read` judges, `edit` changes text, `write` files."""
