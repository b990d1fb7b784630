"""Questions to AWS: who a profile is, its short-lived keys, its regions, the console's link; botocore's errors in plain
words."""
