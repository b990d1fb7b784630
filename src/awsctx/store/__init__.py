"""awsctx's own files: where they are, how they are read, and the one way to replace one."""
