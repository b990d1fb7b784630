# (completion)
