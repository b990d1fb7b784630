#!/bin/sh
# Installs awsctx for the user who runs it: from the checkout that this file stands in, else from the package index.
# install.sh --help tells the options. Nothing runs before the last line is there whole: half a download does nothing.
# It finds a Python (or uv, or pipx), and makes the environment that the command lives in. What comes then is done by
# Python, in src/awsctx/install of that environment. ASCII only; for dash, busybox, mksh, ksh93, yash, bash and zsh.
set -eu

usage() {
  cat <<'EOT'
usage: install.sh [--hook | --no-hook] [--shell SHELL] [--with TOOL] [--python PYTHON] [--from SOURCE] [--demo]
       install.sh --uninstall

Installs awsctx for you alone, without root: the command, its man page and completions. Again: upgrades.

  --hook, --no-hook   add the lines that load awsctx to your shell's startup file, or not; default: asks where it can
  --shell SHELL       bash, zsh, fish or nu; default: the one you use
  --with TOOL         uv, pipx or venv; default: the first that is there. venv: a folder of its own
  --python PYTHON     the Python to use, 3.11 or later
  --from SOURCE       a folder, a wheel or a requirement to install instead of the default
  --demo              then play a walkthrough in a sandbox, with a stand-in for AWS
  --uninstall         remove all that install.sh has put there, and nothing else
EOT
}

main() {
  umask g-w,o-w # nobody else can write to what is made here
  hook=ask shell='' with='' python='' source='' demo='' action=install code=1
  while [ $# -gt 0 ]; do
    case $1 in
      --hook) hook=yes ;;
      --no-hook) hook=no ;;
      --shell | --with | --python | --from) set_option "$1" "${2-}" && shift $(($# > 1)) ;;
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
  home=$data/awsctx manifest=$data/awsctx/installed
  # A user's settings for Python and pip are for the user's own work: none of them may lead this installation astray.
  unset PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON PIP_NO_COMPILE
  export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_NO_DEPS=0 PIP_DRY_RUN=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
  umask 022
  "$action"
}

set_option() {
  case $1=$2 in
    --shell=bash | --shell=zsh | --shell=fish | --shell=nu) shell=$2 ;;
    --shell=*) usage_error "--shell is bash, zsh, fish or nu" ;;
    --with=uv | --with=pipx | --with=venv) with=$2 ;;
    --with=*) usage_error "--with is uv, pipx or venv" ;;
    --python=?*) python=$(from_anywhere "$2") ;;
    --from=?*) source=$(from_anywhere "$2") ;;
    *) usage_error "$1 needs a value" ;;
  esac
}

# Makes a path absolute; a requirement, an address and the name of a command stay.
from_anywhere() {
  case $1 in [!/]*/* | . | .. | [!/]*.whl | [!/]*.tar.gz) [ ! -e "${1%%\[*}" ] || printf '%s/' "$PWD" ;; esac
  say "$1"
}

say() { printf '%s\n' "$@"; }
die() { # WHAT-IS-WRONG WHAT-TO-DO...
  printf 'install.sh: %s\n' "$1" >&2
  shift
  printf '  %s\n' "$@" >&2
  exit "$code"
}
usage_error() { code=2 && die "$1" "install.sh --help tells the options"; }

# Whether a program is on PATH. One in a relative folder of PATH does not count: elsewhere it would be another program.
has() { case $(command -v "$1" || true) in /*) ;; *) return 1 ;; esac }

quietly() { # MESSAGE COMMAND...: says nothing but, where the command fails, its last words and MESSAGE, and ends then
  message=$1 && shift
  "$@" </dev/null >"$log" 2>&1 && return
  tail -n 20 "$log" >&2
  die "$message" "its output is above; fix that, and run again"
}

# A checkout that this script stands in; else (a copy of it alone, or `curl ... | sh`) the package index. Whoever can
# write a checkout can have this user run anything: only root and this user may, and a group that is this user's alone.
choose_source() {
  [ -z "$source" ] || return 0
  source=awsctx-cli private=0
  runs_from_file || return 0
  here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
  grep -qs '^name = "awsctx-cli"' "$here/pyproject.toml" || return 0
  [ "$(id -gn)" != "$(id -un)" ] || private=$(id -g)
  set -- "$here" "$here/install.sh" "$here/pyproject.toml" "$here/src" -prune
  set -- "$@" '(' -perm -2 -o -perm -20 ! -group "$private" -o ! -user 0 ! -user "$(id -u)" ')'
  [ -z "$(find -L "$@" 2>&1)" ] && source=$here && return
  say "not from $here, which others can change, but from the package index"
}

runs_from_file() { case $0 in */install.sh | install.sh) [ -f "$0" ] ;; *) return 1 ;; esac }

choose_method() { # one installation has one method, from the first time on
  recorded=$(recorded_value method)
  method=${with:-$recorded}
  [ -n "$method" ] || if has uv; then method=uv; elif has pipx; then method=pipx; else method=venv; fi
  [ "${recorded:-$method}" = "$method" ] ||
    die "awsctx was installed with $recorded, not with $method" "install.sh --uninstall removes it; then install again"
  [ "$method" = venv ] || has "$method" || die "$method is not on PATH" "put it there, or run install.sh --with venv"
}

# environment: the venv that the command lives in; bin: where the command is found; share: where its man page is found.
choose_places() {
  case $method in
    uv) environment=$(uv tool dir)/awsctx-cli && bin=$(uv tool dir --bin) ;;
    pipx) environment=$(pipx environment -V PIPX_LOCAL_VENVS)/awsctx-cli && bin=$(pipx environment -V PIPX_BIN_DIR) ;;
    venv) environment=$home/current bin=${XDG_BIN_HOME:-$HOME/.local/bin} ;;
  esac
  case $bin in */bin) share=${bin%/bin}/share ;; *) share=$data ;; esac # man looks beside the folders on PATH
}

choose_python() {
  named=$python nearest='' lacking=''
  for candidate in "${named:-python3}" python3.14 python3.13 python3.12 python3.11; do
    [ -n "$named" ] || has "$candidate" || continue
    fault=$(python_fault "$candidate")
    [ -n "$fault" ] || { python=$(command -v "$candidate") && return; }
    [ -z "$named" ] || die "$named $fault" "name a Python 3.11 or later, with its venv module, by --python"
    nearest=${nearest:-, and $candidate $fault}
    case $fault in *venv*) lacking=${lacking:-$candidate} ;; esac
  done
  for get in 'brew install python' "apt-get install python3 ${lacking:-python3}-venv" 'dnf install python3.12' \
    'pacman -S python' 'zypper install python312' 'apk add python3' 'see https://www.python.org/downloads'; do
    if has "${get%% *}"; then break; fi
  done
  case $get in see* | brew*) ;; *) [ "$(id -u)" = 0 ] || get="sudo $get" ;; esac
  die "awsctx needs Python 3.11 or later$nearest" "$get" "or install uv, which brings a Python"
}

python_fault() { # PYTHON: prints what makes it unusable here, or nothing
  "$1" -I -c 'import sys, importlib.util as util
if sys.version_info < (3, 11): sys.exit(print("is %d.%d" % sys.version_info[:2]))
if not util.find_spec("venv") or not (util.find_spec("ensurepip") or util.find_spec("pip")): print("has no venv module")
' 2>/dev/null || say 'does not run'
}

# The manifest says what was made, in order, a line each: KIND VALUE. Python adds to it.
recorded_value() { sed -n "s/^$1 //p" "$manifest" 2>/dev/null | tail -n 1; }

# make_folder PATH: with its parents. Those that were missing are ours, to be removed when they are empty again.
make_folder() {
  [ -d "$1" ] || { make_folder "$(dirname "$1")" && mkdir "$1" && made="${made}folder $1
"; }
}

# begin FOLDER...: what is made from here on is taken away again, however this ends, until the method is recorded, last.
begin() {
  trap 'clean_up $?' EXIT
  trap 'clean_up 129' HUP && trap 'clean_up 130' INT && trap 'clean_up 141' PIPE && trap 'clean_up 143' TERM
  for folder in "$home" "$@"; do
    made=''
    make_folder "$folder" || die "could not make the folder $folder" "make it yourself, and run again"
    printf '%s' "$made" >>"$manifest"
  done
  [ "$(recorded_value environment)" = "$environment" ] || say "environment $environment" >>"$manifest"
  scratch=$(mktemp -d "$home/new.XXXXXX") && log=$scratch/log
  cd "$scratch" # uv, pipx and pip heed what is in the current folder, which others may have put there
}

clean_up() { # STATUS; not every sh runs the trap of EXIT after that of a signal
  trap - EXIT && trap '' HUP INT PIPE TERM && cd /
  # What no link names is unfinished, or a predecessor.
  for old in "$home"/new.* "$home"/venv.* "$home"/demo.*; do
    case ${old##*/} in "$(readlink "$home/current")" | "$(readlink "$home/demo")") ;; *) rm -rf "$old" ;; esac
  done
  [ ! -s "$manifest" ] || [ -n "$(recorded_value method)" ] || remove_environment
  exit "$1"
}

remove_environment() { # with all folders that are empty then
  case $method in uv) set -- uv tool ;; pipx) set -- pipx ;; *) set -- : ;; esac
  "$@" uninstall awsctx-cli </dev/null >/dev/null 2>&1 || true
  folders=$(sed -n '1!G;h;$p' "$manifest" 2>/dev/null | sed -n 's/^folder //p')
  rm -rf "$manifest" "$home"/current* "$home"/demo* "$home"/new.* "$home"/venv.*
  # A name a line. No `read`, which never ends in busybox 1.38 once a signal has been trapped.
  (IFS=$(printf '\n_') && IFS=${IFS%_} && set -f && for folder in $folders; do rmdir "$folder" 2>/dev/null || true; done)
}

install() {
  choose_source
  choose_method
  choose_places
  [ "$method" = uv ] || choose_python
  case $(readlink "$bin/awsctx" || ls "$bin/awsctx" 2>/dev/null || true) in
    '' | "$environment"/*) ;;
    *) die "$bin/awsctx is there already, and install.sh has not put it there" "move it away, and run again" ;;
  esac
  # uv and pipx would make these as well, and leave them when they remove awsctx.
  begin "$bin" "$share/man/man1" "$data/bash-completion/completions" "$data/zsh/site-functions" \
    "$data/fish/vendor_completions.d"
  say "installing awsctx, with $method; this takes a little while"
  built=$environment failed="$method could not install $source"
  case $method in
    # uv takes a folder that it has seen for unchanged: hence --reinstall-package.
    uv) quietly "$failed" uv tool install --force --upgrade --reinstall-package awsctx-cli --compile-bytecode \
      ${python:+--python "$python"} "$source" ;;
    pipx) quietly "$failed" pipx install --force --python "$python" "$source" ;;
    venv) build_venv ;;
  esac
  quietly "the new awsctx does not run" "$built/bin/python" -I -m awsctx.install --help
  set -- "$built/bin/python" -I -m awsctx.install install --method "$method" --environment "$environment" --bin "$bin" \
    --share "$share" --data "$data" --hook "$hook" --shell "$shell" --caller "$PPID" ${demo:+--demo "$source"}
  # Where stdin is this script, the user answers on the terminal.
  if runs_from_file; then "$@"; elif (: </dev/tty) 2>/dev/null; then "$@" </dev/tty; else "$@" </dev/null; fi
}

# A venv is bound to its path, so each gets a folder of its own. The pip is the one that Python has, if it can install
# elsewhere; else one for the moment. None goes into the command's venv: its companions would slow down each start.
build_venv() {
  built=$(mktemp -d "$home/venv.XXXXXX") pip=$python
  quietly "$python could not make a venv" "$python" -I -m venv --without-pip "$built"
  "$pip" -I -m pip --python "$python" --version </dev/null >/dev/null 2>&1 || pip=$scratch/pip/bin/python
  [ "$pip" = "$python" ] || quietly "$python could not make a venv" "$python" -I -m venv "$scratch/pip"
  # pip.conf may set prefix, root and target: only an option unsets these.
  quietly "pip could not install $source" "$pip" -I -m pip --python "$built/bin/python" \
    install --prefix "$built" --root / --target '' --compile "$source"
}

# By the environment's Python; where that does not run any more, by another, with what is left there or in the checkout.
uninstall() {
  [ -s "$manifest" ] || die "nothing to remove: install.sh has not installed awsctx for you" "see $manifest"
  choose_source
  method=$(recorded_value method) environment=$(recorded_value environment)
  set -- "$environment"/lib/python3*/site-packages/awsctx/install
  [ -d "$1" ] || set -- "$source/src/awsctx/install"
  [ -d "$1" ] || die "this awsctx cannot remove itself" "run install.sh --no-hook to renew it, then this again"
  python=$environment/bin/python
  "$python" -I -c '' 2>/dev/null || { python='' && choose_python; }
  begin
  trap '' HUP INT TERM && "$python" -I "$1" uninstall --data "$data"
  remove_environment
  say 'awsctx is removed'
  [ ! -d "$environment" ] || say "left: $environment, which $method has made, and can remove"
}

{ main "$@"; }
