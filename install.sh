#!/bin/sh
# Installs awsctx for the user who runs it: from the checkout that this file stands in, else from the package index.
# install.sh --help tells the options. Nothing runs before the last line is there whole: half a download does nothing.
set -eu

usage() {
  cat <<'EOF'
usage: install.sh [--hook | --no-hook] [--shell SHELL] [--with TOOL] [--python PYTHON] [--from SOURCE] [--demo]
       install.sh --uninstall

Installs awsctx for you alone, without root: the command, its man page and completions. Again: upgrades.

  --hook, --no-hook   add the line that loads awsctx to your shell's startup file, or do not; default: asks on a
                      terminal, and elsewhere only says which line it is
  --shell SHELL       bash, zsh or fish; default: the one you use
  --with TOOL         uv, pipx or venv; default: the first that is there. venv: a folder of its own
  --python PYTHON     the Python to use, 3.11 or later
  --from SOURCE       a folder, a wheel or a requirement to install instead of the default
  --demo              then play a walkthrough in a sandbox, with a stand-in for AWS
  --uninstall         remove all that install.sh has put there, and nothing else
EOF
}

main() {
  hook=ask shell='' with='' python='' source='' demo='' action=install
  while [ $# -gt 0 ]; do
    case $1 in
      --hook) hook=yes ;;
      --no-hook) hook=no ;;
      --shell | --with | --python | --from)
        [ $# -ge 2 ] || usage_error "$1 needs a value"
        set_option "$1" "$2"
        shift
        ;;
      --shell=* | --with=* | --python=* | --from=*) set_option "${1%%=*}" "${1#*=}" ;;
      --demo) demo=yes ;;
      --uninstall) action=uninstall ;;
      -h | --help) usage && return ;;
      *) usage_error "unknown option: $1" ;;
    esac
    shift
  done

  [ -d "${HOME:-}" ] || die "HOME is not set to a folder" "set it: HOME=/path/to/your/home"
  data=${XDG_DATA_HOME:-$HOME/.local/share}
  home=$data/awsctx
  manifest=$home/installed
  # A user's settings for Python and pip are for the user's own work: none of them may lead this installation astray.
  unset PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_NO_COMPILE
  export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
  umask 022
  "$action"
}

set_option() {
  case $1=$2 in
    --shell=bash | --shell=zsh | --shell=fish) shell=$2 ;;
    --shell=*) usage_error "--shell is bash, zsh or fish" ;;
    --with=uv | --with=pipx | --with=venv) with=$2 ;;
    --with=*) usage_error "--with is uv, pipx or venv" ;;
    --python=?*) python=$2 ;;
    --from=?*) source=$2 ;;
    *) usage_error "$1 needs a value" ;;
  esac
}

say() { printf '%s\n' "$@"; }

# What is wrong, then what to do about it, a line each.
die() {
  printf 'install.sh: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

usage_error() {
  printf 'install.sh: %s\n  install.sh --help tells the options\n' "$1" >&2
  exit 2
}

# A path as a person writes it.
short() {
  # shellcheck disable=SC2088  # the tilde is for the reader
  case $1 in
    "$HOME"/*) say "~/${1#"$HOME"/}" ;;
    *) say "$1" ;;
  esac
}

has() { command -v "$1" >/dev/null 2>&1; }

# --- install --------------------------------------------------------------------------------------------------------

install() {
  choose_source
  choose_method
  choose_places
  [ "$method" = uv ] || choose_python
  refuse_foreign_command

  # Until `keep` has put it in its place, whatever is made here is taken away again, however this ends.
  undo='' unfinished='' pip=''
  [ -n "$recorded" ] || undo=yes
  trap clean_up EXIT
  end_on_signals
  make_folder "$home"
  scratch=$(mktemp -d "$home/new.XXXXXX")
  log=$scratch/log
  record environment "$environment"
  # pipx and uv would make these as well, and leave them when they remove awsctx.
  for folder_of_ours in "$bin" "$share/man/man1" "$data/bash-completion/completions" "$data/zsh/site-functions" \
    "$data/fish/vendor_completions.d"; do
    make_folder "$folder_of_ours"
  done
  say "installing awsctx, with $method; this takes a little while"
  "install_with_$method"
  check_command
  keep

  say "installed: $("$bin/awsctx" --version), as $(short "$bin/awsctx")"
  look_at_path
  offer_hook
  name_missing_tools
  if [ -n "$demo" ]; then play_demo; else say_next; fi
}

end_on_signals() {
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

clean_up() {
  status=$?
  trap '' HUP INT TERM
  rm -rf "$home"/new.??????
  [ -z "$unfinished" ] || rm -rf "$unfinished"
  if [ -n "$undo" ]; then
    remove_with_tool
    remove_recorded
  fi
  exit "$status"
}

# A checkout that this script stands in; else (a copy of it alone, or `curl … | sh`) the package index.
choose_source() {
  [ -z "$source" ] || return 0
  source=awsctx-cli
  if runs_from_file; then
    here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
    if grep -qs '^name = "awsctx-cli"' "$here/pyproject.toml"; then source=$here; fi
  fi
}

runs_from_file() {
  case $0 in */install.sh | install.sh) [ -f "$0" ] ;; *) return 1 ;; esac
}

# One installation has one method, from the first time on.
choose_method() {
  recorded=$(recorded_value method)
  method=${with:-$recorded}
  if [ -z "$method" ]; then
    if has uv; then method=uv; elif has pipx; then method=pipx; else method=venv; fi
  fi
  if [ -n "$recorded" ] && [ "$recorded" != "$method" ]; then
    die "awsctx was installed with $recorded, not with $method" "install.sh --uninstall removes it; then install again"
  fi
  [ "$method" = venv ] || has "$method" || die "$method is not on PATH" "put it there, or run install.sh --with venv"
}

# environment: the venv that the command lives in; bin: where the command is found; share: where its man page is found.
choose_places() {
  case $method in
    uv)
      environment=$(uv tool dir)/awsctx-cli
      bin=$(uv tool dir --bin)
      ;;
    pipx)
      environment=$(pipx environment --value PIPX_LOCAL_VENVS)/awsctx-cli
      bin=$(pipx environment --value PIPX_BIN_DIR)
      ;;
    venv)
      environment=$home/current
      bin=${XDG_BIN_HOME:-$HOME/.local/bin}
      ;;
  esac
  # man looks beside the folders on PATH.
  case $bin in */bin) share=${bin%/bin}/share ;; *) share=$data ;; esac
}

choose_python() {
  if [ -n "$python" ]; then
    fault=$(python_fault "$python")
    [ -z "$fault" ] || die "$python $fault" "name a Python 3.11 or later, with its venv module, by --python"
    python=$(command -v "$python")
    return 0
  fi
  nearest=''
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    has "$candidate" || continue
    fault=$(python_fault "$candidate")
    case $fault in
      '') python=$(command -v "$candidate") && return ;;
      *venv*) die "$candidate $fault" "$(how_to_get venv "$candidate")" "or install uv, which brings all it needs" ;;
      *) nearest=${nearest:-"$candidate $fault"} ;;
    esac
  done
  die "awsctx needs Python 3.11 or later${nearest:+, and $nearest}" \
    "$(how_to_get python)" "or install uv, which brings a Python"
}

# What makes a Python unusable here, or nothing.
python_fault() {
  "$1" - 2>/dev/null <<'EOF' || say 'does not run'
import sys

if sys.version_info < (3, 11):
    print("is %d.%d" % sys.version_info[:2])
else:
    try:
        import venv
        try:
            import ensurepip
        except ImportError:
            import pip
    except ImportError:
        print("has no venv module")
EOF
}

# Another program's awsctx is not ours to replace.
refuse_foreign_command() {
  [ -e "$bin/awsctx" ] || [ -L "$bin/awsctx" ] || return 0
  is_ours "$bin/awsctx" ||
    die "$(short "$bin/awsctx") is there already, and install.sh has not put it there" "move it away, and run again"
}

is_ours() {
  case $(readlink "$1" || true) in "$environment"/*) return 0 ;; *) return 1 ;; esac
}

# Runs a command without a word, but for its last ones when it fails. Its stdin is not ours, which may be this script.
quietly() {
  "$@" </dev/null >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    return 1
  }
}

install_with_uv() {
  set -- "$source"
  [ -z "$python" ] || set -- --python "$python" "$@"
  # uv takes a folder that it has seen for unchanged: hence --reinstall-package.
  quietly uv tool install --force --upgrade --reinstall-package awsctx-cli --compile-bytecode "$@" ||
    die "uv could not install awsctx" "what it says is above; mend it, or run install.sh --with venv"
}

install_with_pipx() {
  quietly pipx install --force --python "$python" "$source" ||
    die "pipx could not install awsctx" "what it says is above; mend it, or run install.sh --with venv"
}

install_with_venv() {
  choose_pip
  if [ -d "$source" ]; then
    # Once, and not again for the demo.
    quietly "$pip" -m pip wheel --no-deps --wheel-dir "$scratch/wheel" "$source" ||
      die "pip could not build awsctx from $(short "$source")" "what it says is above; mend it, and run again"
    source=$(echo "$scratch"/wheel/*.whl)
  fi
  build_venv venv --compile "$source"
}

# The pip that Python has, if it can install elsewhere; else one for the moment. None goes into the command's venv, where
# its companions would slow down each start.
choose_pip() {
  [ -z "$pip" ] || return 0
  pip=$python
  if ! "$pip" -m pip --python "$python" --version </dev/null >"$log" 2>&1; then
    quietly "$python" -m venv "$scratch/pip" || die "$python could not make a venv" "what it says is above"
    pip=$scratch/pip/bin/python
  fi
}

# build_venv KIND PIP-ARGUMENTS...: a new venv, $built. A venv is bound to its path, so each gets a folder of its own,
# and `place` puts a link to it.
build_venv() {
  unfinished=$(mktemp -d "$home/$1.XXXXXX")
  built=$unfinished
  shift
  quietly "$python" -m venv --without-pip "$built" || die "$python could not make a venv" "what it says is above"
  quietly "$pip" -m pip --python "$built/bin/python" install "$@" ||
    die "pip could not install $source" "what it says is above; mend it, and run again"
  mend_launcher "$built/bin/awsctx" "$built/bin/python"
}

# The system splits a #! line at white space, and cuts it off at some length.
mend_launcher() {
  case $2 in
    *[[:space:]]*) ;;
    *) [ ${#2} -gt 120 ] || return 0 ;;
  esac
  {
    # To sh, this runs Python on the file; to Python, it is a string.
    say '#!/bin/sh' "'''exec' \"$2\" \"\$0\" \"\$@\"" "' '''"
    sed 1d "$1"
  } >"$1.new"
  chmod 755 "$1.new"
  mv -f "$1.new" "$1"
}

# The command runs, and has its bytecode: without, it would take three times as long to start.
check_command() {
  [ "$method" = venv ] || built=$environment
  quietly "$built/bin/awsctx" --version || die "the new awsctx does not run" "what it says is above"
  if [ "$method" = pipx ]; then quietly "$built/bin/python" -m compileall -q "$built/lib" || true; fi
}

# Puts all in its place: a matter of milliseconds, and not to be left half done.
keep() {
  trap '' HUP INT TERM
  record method "$method"
  if [ "$method" = venv ]; then
    place venv current
    link "$environment/bin/awsctx" "$bin/awsctx"
  else
    record link "$bin/awsctx"
  fi
  # They come with the package; as links, they stay in step with it.
  link "$environment/share/man/man1/awsctx.1" "$share/man/man1/awsctx.1"
  link "$environment/share/bash-completion/completions/awsctx" "$data/bash-completion/completions/awsctx"
  link "$environment/share/zsh/site-functions/_awsctx" "$data/zsh/site-functions/_awsctx"
  link "$environment/share/fish/vendor_completions.d/awsctx.fish" "$data/fish/vendor_completions.d/awsctx.fish"
  # A demo that stayed would be an older awsctx's.
  rm -rf "$home/demo" "$home"/demo.??????
  undo=''
  end_on_signals
}

# place KIND NAME: makes $home/NAME the link to $built, in one step, and removes its predecessors.
place() {
  "$built/bin/python" - "${built##*/}" "$home/$2" <<'EOF'
import os, sys

target, link = sys.argv[1:]
if os.path.lexists(link + ".new"):
    os.unlink(link + ".new")
os.symlink(target, link + ".new")
os.replace(link + ".new", link)
EOF
  unfinished=''
  for old in "$home/$1".??????; do
    [ "$old" = "$built" ] || rm -rf "$old"
  done
}

# link TARGET PATH, unless TARGET is not there, or PATH is someone else's.
link() {
  [ -e "$1" ] || return 0
  if [ -e "$2" ] || [ -L "$2" ]; then
    is_ours "$2" || {
      say "left alone: $(short "$2"), which install.sh has not put there"
      return 0
    }
  fi
  make_folder "$(dirname "$2")"
  record link "$2"
  ln -s "$1" "$2.awsctx-new"
  mv -f "$2.awsctx-new" "$2"
}

# --- the manifest: what was made, in order, a line each: KIND PATH ----------------------------------------------------

record() {
  grep -qxF "$1 $2" "$manifest" 2>/dev/null || printf '%s %s\n' "$1" "$2" >>"$manifest"
}

recorded_value() { sed -n "s/^$1 //p" "$manifest" 2>/dev/null | tail -n 1; }

# make_folder PATH: with its parents. Those that were missing are ours, to be removed when they are empty again.
make_folder() {
  folder=$1 missing=''
  while [ ! -d "$folder" ]; do
    missing="folder $folder
$missing"
    folder=$(dirname "$folder")
  done
  mkdir -p "$1" || die "could not make the folder $1" "make it yourself, and run again"
  printf '%s' "$missing" | while IFS=' ' read -r kind path; do record "$kind" "$path"; done
}

# --- the hook ---------------------------------------------------------------------------------------------------------

block_start='# >>> awsctx: install.sh --uninstall removes this block'
block_end='# <<< awsctx'

look_at_path() {
  case :$PATH: in *":$bin:"*) on_path=yes ;; *) on_path='' ;; esac
  found=$(command -v awsctx || true)
  case $found in
    '' | "$bin/awsctx") ;;
    /*) say "note: another awsctx comes first on PATH: $found" ;;
  esac
}

offer_hook() {
  choose_shell
  if [ -z "$shell" ]; then
    say_path
    say 'the hook: for bash, zsh and fish; to add it: install.sh --hook --shell SHELL'
    return 0
  fi
  choose_startup_file
  loader=$(already_loads)
  if [ -n "$loader" ]; then
    say "the hook: $(short "$loader") loads it already"
    return 0
  fi
  lines=$(hook_lines)
  if [ "$hook" = ask ]; then
    say '' "the hook makes a switch take effect in $shell at once; its lines for $(short "$startup"):" ''
    say_lines
    say ''
    if may_ask; then
      printf 'add them? [Y/n] '
      case $(read_answer) in [Nn]*) hook=no ;; *) hook=yes ;; esac
    else
      say 'add them, or have them added: install.sh --hook'
    fi
  fi
  case $hook in
    yes) add_hook ;;
    no) say_path ;;
  esac
}

say_path() {
  [ -n "$on_path" ] || say "not on PATH: $(short "$bin"); put it there, to have awsctx found"
}

say_lines() { say "$lines" | sed 's/^/    /'; }

# The shell that this was started from, where that can tell; else the login shell.
choose_shell() {
  [ -z "$shell" ] || return 0
  parent=$(ps -o comm= -p "$PPID" 2>/dev/null || cat "/proc/$PPID/comm" 2>/dev/null || true)
  # zsh and fish are started by people; bash is started by many a program.
  case ${parent##*[/-]} in zsh | fish) shell=${parent##*[/-]} && return ;; esac
  login=$(sed -n "s/^$(id -un):.*://p" /etc/passwd 2>/dev/null || true)
  for name in "${SHELL:-}" "$parent" "$login"; do
    case ${name##*[/-]} in bash | zsh | fish) shell=${name##*[/-]} && return ;; esac
  done
}

choose_startup_file() {
  config=${XDG_CONFIG_HOME:-$HOME/.config}
  case $shell in
    zsh) startup=${ZDOTDIR:-$HOME}/.zshrc ;;
    fish) startup=$config/fish/conf.d/awsctx.fish ;;
    bash)
      startup=$HOME/.bashrc
      [ "$(uname)" != Darwin ] || choose_login_file
      ;;
  esac
}

# A terminal of macOS opens login shells. bash then reads the first of these, and .bashrc only where that one says so.
choose_login_file() {
  for file in "$HOME/.bash_profile" "$HOME/.bash_login" "$HOME/.profile"; do
    [ -e "$file" ] || continue
    grep -qs bashrc "$file" || startup=$file
    return 0
  done
  startup=$HOME/.bash_profile
}

already_loads() {
  set -- "$startup"
  case $shell in
    fish) set -- "$@" "$config/fish/config.fish" ;;
    bash) set -- "$@" "$HOME/.bashrc" "$HOME/.bash_profile" "$HOME/.bash_login" "$HOME/.profile" ;;
  esac
  for file in "$@"; do
    if grep -qs '^[^#]*awsctx init' "$file"; then
      say "$file"
      return 0
    fi
  done
}

# The line that loads the hook, as the manual has it, and before it PATH, since many a startup file is read before the
# one that sets it: Debian's .profile reads .bashrc first.
hook_lines() {
  case $bin in "$HOME"/*) folder="\$HOME/${bin#"$HOME"/}" ;; *) folder=$bin ;; esac
  if [ "$shell" = fish ]; then
    say 'if status is-interactive' \
      "    contains -- \"$folder\" \$PATH; or set -gx PATH \"$folder\" \$PATH" \
      '    awsctx init fish | source' \
      'end'
  else
    say "[[ \":\$PATH:\" == *\":$folder:\"* ]] || export PATH=\"$folder:\$PATH\"" \
      "eval \"\$(awsctx init $shell)\""
  fi
}

# Someone to ask: at stdin; or, where that is this script (`curl … | sh`), at the terminal.
may_ask() {
  [ -t 1 ] || return 1
  [ -t 0 ] || { ! runs_from_file && (: </dev/tty) 2>/dev/null; }
}

read_answer() {
  if [ -t 0 ]; then read -r answer || answer=no; else read -r answer </dev/tty || answer=no; fi
  say "$answer"
}

# Adds at the end and touches nothing else: a link stays one, and so do mode, owner and all other bytes.
add_hook() {
  kind=block newline=''
  make_folder "$(dirname "$startup")"
  if [ ! -e "$startup" ]; then
    record startup "$(readlink -f "$startup" 2>/dev/null || say "$startup")"
  elif [ -n "$(tail -c 1 "$startup" 2>/dev/null)" ]; then
    kind=block-after-newline newline='
'
  fi
  record "$kind" "$startup"
  if printf '%s%s\n%s\n%s\n' "$newline" "$block_start" "$lines" "$block_end" 2>/dev/null >>"$startup"; then
    say "the hook: added to $(short "$startup"), for each new $shell"
  else
    say "the hook: could not write $(short "$startup"); add its lines there yourself:" ''
    say_lines
  fi
}

# remove_block FILE KIND: byte for byte what add_hook did. The file is written in place, so that it stays what it is.
remove_block() {
  [ -f "$1" ] || return 0
  bounds=$(LC_ALL=C awk -v first="$block_start" -v last="$block_end" '
    $0 == first && !inside { inside = 1; from = bytes + 0 }
    { bytes += length($0) + 1 }
    $0 == last && inside { print from, bytes; exit }' "$1")
  [ -n "$bounds" ] || return 0
  from=${bounds% *} to=${bounds#* }
  if [ "$2" = block-after-newline ] && [ "$to" -ge "$(wc -c <"$1")" ]; then from=$((from - 1)); fi
  rest=$(mktemp)
  [ "$from" -eq 0 ] || head -c "$from" "$1" >"$rest"
  tail -c "+$((to + 1))" "$1" >>"$rest"
  if [ -w "$1" ] && cat "$rest" >"$1"; then
    rm -f "$rest"
  else
    say "could not write $(short "$1"): remove the lines from '$block_start' on there yourself"
  fi
}

# --- what else is needed ----------------------------------------------------------------------------------------------

name_missing_tools() {
  for tool in aws jq; do
    has "$tool" || say "missing: $tool; to get it: $(how_to_get "$tool")"
  done
}

# how_to_get aws|jq|python|venv [PYTHON]: what gets it on this system.
how_to_get() {
  as_root='sudo '
  [ "$(id -u)" != 0 ] || as_root=''
  for manager in brew apt-get dnf pacman zypper apk none; do
    ! has "$manager" || break
  done
  case $manager-$1 in
    brew-aws) say 'brew install awscli' ;;
    brew-jq) say 'brew install jq' ;;
    brew-*) say 'brew install python' ;;
    apt-get-aws)
      # Debian has it, Ubuntu has not.
      if grep -qs '^ID=ubuntu' /etc/os-release; then
        say "${as_root}snap install aws-cli --classic"
      else
        say "${as_root}apt-get install awscli"
      fi
      ;;
    apt-get-jq) say "${as_root}apt-get install jq" ;;
    apt-get-venv) say "${as_root}apt-get install ${2##*/}-venv" ;;
    apt-get-*) say "${as_root}apt-get install python3 python3-venv" ;;
    dnf-aws) say "${as_root}dnf install awscli2" ;;
    dnf-jq) say "${as_root}dnf install jq" ;;
    dnf-*) say "${as_root}dnf install python3.12" ;;
    pacman-aws) say "${as_root}pacman -S aws-cli-v2" ;;
    pacman-jq) say "${as_root}pacman -S jq" ;;
    pacman-*) say "${as_root}pacman -S python" ;;
    zypper-aws) say "${as_root}zypper install aws-cli" ;;
    zypper-jq) say "${as_root}zypper install jq" ;;
    zypper-*) say "${as_root}zypper install python312" ;;
    apk-aws) say "${as_root}apk add aws-cli" ;;
    apk-jq) say "${as_root}apk add jq" ;;
    apk-*) say "${as_root}apk add python3" ;;
    *-aws) say 'see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html' ;;
    *-jq) say 'see https://jqlang.org/download' ;;
    *) say 'see https://www.python.org/downloads' ;;
  esac
}

say_next() {
  say '' 'next: open a new shell, and type: awsctx'
  say_path_here
}

# A shell that is open already knows nothing of what its startup file says by now.
say_path_here() {
  [ -n "$on_path" ] || say "here, first: export PATH=\"$bin:\$PATH\""
}

# --- the demo ---------------------------------------------------------------------------------------------------------

# Its parts (a stand-in for AWS) are many times the size of awsctx: they get a venv of their own, so that the everyday
# command's stays small. Bytecode is made when it is needed: the demo uses a small part of what is there.
play_demo() {
  say '' "the demo: bringing a stand-in for AWS, into $(short "$home/demo")"
  case $source in
    */*) parts="${source}[demo]" ;;
    *) parts=$(say "$source" | sed 's/^[A-Za-z0-9._-]*/&[demo]/') ;;
  esac
  if [ "$method" = uv ]; then
    build_demo_with_uv
  else
    choose_pip
    # The demo brings its tools by pip.
    build_venv demo --no-compile pip "$parts"
  fi
  place demo demo
  say ''
  "$home/demo/bin/awsctx" demo --play
  say_path_here
}

build_demo_with_uv() {
  unfinished=$(mktemp -d "$home/demo.XXXXXX")
  built=$unfinished
  set -- "$built"
  [ -z "$python" ] || set -- --python "$python" "$@"
  quietly uv venv --allow-existing "$@" || die "uv could not make a venv" "what it says is above"
  quietly uv pip install --python "$built/bin/python" --reinstall-package awsctx-cli "$parts" ||
    die "uv could not install $parts" "what it says is above; mend it, and run again"
  mend_launcher "$built/bin/awsctx" "$built/bin/python"
}

# --- uninstall --------------------------------------------------------------------------------------------------------

uninstall() {
  [ -s "$manifest" ] ||
    die "nothing to remove: install.sh has not installed awsctx for you" "it would be recorded in $(short "$manifest")"
  method=$(recorded_value method)
  environment=$(recorded_value environment)
  log=$(mktemp)
  remove_with_tool
  rm -f "$log"
  remove_recorded
  say 'awsctx is removed'
  [ ! -d "$environment" ] || say "left: $(short "$environment"), which $method has made, and can remove"
  for kept in "${XDG_STATE_HOME:-$HOME/.local/state}/awsctx" "${XDG_CONFIG_HOME:-$HOME/.config}/awsctx" \
    "$HOME/Library/Application Support/awsctx"; do
    [ ! -e "$kept" ] || say "kept: $(short "$kept"), which is yours"
  done
}

remove_with_tool() {
  case $method in
    uv | pipx) [ ! -d "$environment" ] || ! has "$method" || remove_with "$method" || true ;;
  esac
}

remove_with() {
  if [ "$1" = uv ]; then quietly uv tool uninstall awsctx-cli; else quietly pipx uninstall awsctx-cli; fi
}

# Things in the opposite order; then the folders, so that all that was in them is gone.
remove_recorded() {
  entries=$(sed '1!G;h;$!d' "$manifest")
  rm -rf "$manifest" "$home/current" "$home/current.new" "$home/demo" "$home/demo.new" \
    "$home"/new.?????? "$home"/venv.?????? "$home"/demo.??????
  for turn in things folders; do
    printf '%s\n' "$entries" | while IFS=' ' read -r kind path; do
      case $turn-$kind in
        things-link) [ ! -L "$path" ] || ! is_ours "$path" || rm -f "$path" ;;
        things-block*) remove_block "$path" "$kind" ;;
        things-startup) [ -s "$path" ] || rm -f "$path" ;;
        folders-folder) rmdir "$path" 2>/dev/null || true ;;
      esac
    done
  done
}

{ main "$@"; }
