"""Asking AWS: who a profile is, its short-lived keys, the console's link, and botocore's errors in words."""
