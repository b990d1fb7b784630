  # By reference: what %v inserts is not looked into, with prompt_subst or without. A colour each stands for a class.
  function _awsctx_show {
    \builtin emulate -L zsh
    \local class=$AWSCTX_PROMPT_CLASS
    if [[ -n ${NO_COLOR-} || ${TERM:-dumb} == dumb ]]; then class=''; fi
    psvar[42]=$AWSCTX_PROMPT psvar[43]=$class
    psvar[44]=${(M)class:#ok} psvar[45]=${(M)class:#guarded} psvar[46]=${(M)class:#expired}
    psvar[47]=${(M)class:#overridden} psvar[48]=${(M)class:#pinned}
  }
  precmd_functions=(${precmd_functions:#_awsctx_show} _awsctx_show)
  if [[ $PROMPT != *'%42v'* ]]; then
    PROMPT='%(44V.%F{green}.)%(45V.%F{red}.)%(46V.%F{yellow}.)%(47V.%F{magenta}.)%(48V.%F{cyan}.)%(42V.[%42v].)%(43V.%f.)%(42V. .)'$PROMPT
  fi
