"""The user's AWS files: `names` looks up (fast), `document` holds one, `read` judges, `edit` changes text, `write` files."""
