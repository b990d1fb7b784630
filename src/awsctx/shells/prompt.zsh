  # By reference: what %v inserts is not looked into, with prompt_subst or without.
  function _awsctx_show {
    \builtin emulate -L zsh
    psvar[42]=$AWSCTX_PROMPT
  }
  precmd_functions=(${precmd_functions:#_awsctx_show} _awsctx_show)
  if [[ $PROMPT != *'%42v'* ]]; then PROMPT='%(42V.[%42v] .)'$PROMPT; fi
