"""Signing in: the tokens that awsctx shares with the AWS CLI and every SDK."""
