# The environment that ./run and ./test stand on: an isolated .venv filled from a hashed lock, and the system's
# packages. Sourced by both, with `root` set to the repository's folder. Everything it says goes to standard error,
# so that standard output stays the program's own.

venv=$root/.venv
python=$venv/bin/python
try_again=75  # what set-up exits with when the network or the system refused: nothing is broken, start again

say() { printf '%s  %s\n' "$1" "$2" >&2; }
fail() { say "$@"; exit "$try_again"; }

# Two starts at once must not set up one machine together: the second waits, and then finds everything done.
take_turn() {
  exec 9<"$root/bootstrap"
  if command -v flock >/dev/null; then flock 9; fi
}
end_turn() { exec 9<&-; }

# --- the Python environment -------------------------------------------------------------------------------------

# Names one state of the environment: the lock, and the interpreter behind the links.
environment_key() {
  { cat "$1" "$venv/pyvenv.cfg"; readlink -f "$python"; } 2>/dev/null | sha256sum
}

stamp_of() { printf '%s' "$venv/.planboard-${1##*/}"; }

# Was the environment filled from this very lock before, and finished?
environment_ready() {
  local stamp
  stamp=$(stamp_of "$1")
  [ -x "$python" ] && [ -r "$stamp" ] && [ "$(<"$stamp")" = "$(environment_key "$1")" ]
}

find_python() {
  local name
  for name in python3.11 python3 python3.12 python3.13 /usr/bin/python3; do
    if "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$name"
      return
    fi
  done
  return 1
}

has_module() { "$1" -c "import $2" 2>/dev/null; }

# Is this a whole environment of the interpreter that stands behind it now? A half-made one, or one whose
# interpreter has since moved on to another version, is not.
environment_sound() {
  "$python" -c 'import os, sys, sysconfig
sys.exit(sys.prefix == sys.base_prefix or not os.path.isdir(sysconfig.get_path("purelib")))' 2>/dev/null
}

make_environment() {
  local base
  if ! base=$(find_python); then
    install_packages python3 python3-venv || true
    base=$(find_python) || fail "需要 Python 3.11 或更新的版本。" "Python 3.11 or newer is needed."
  fi
  # Debian keeps ensurepip in python3-venv; with pip outside, an environment can be made without it.
  if ! has_module "$base" ensurepip && ! has_module "$base" pip; then install_packages python3-venv || true; fi
  say "正在建立运行环境 .venv ……" "Making the environment .venv ..."
  if has_module "$base" ensurepip; then
    "$base" -m venv --clear "$venv" >&2
  elif has_module "$base" pip; then
    "$base" -m venv --clear --without-pip "$venv" >&2
  else
    fail "缺少 python3-venv，请先安装：sudo apt-get install python3-venv" \
      "python3-venv is missing, please install it: sudo apt-get install python3-venv"
  fi || fail "无法建立 .venv。" "The environment .venv could not be made."
}

run_pip() {
  if has_module "$python" pip; then
    "$python" -m pip "$@"
  else
    "$(find_python)" -m pip --python "$python" "$@"
  fi
}

# On a terminal pip draws its own bars; elsewhere one line a library is enough.
fill_environment() {
  local options=(install --require-hashes --no-deps --only-binary :all: --no-input --disable-pip-version-check
    -r "$1")
  if [ -t 2 ]; then
    run_pip "${options[@]}" >&2
  else
    run_pip "${options[@]}" 2>&1 | sed -unE '
      s/^Collecting ([^ ;]+).*/  \1/p
      s/^Processing ([^ ]*\/)?([^ /]+)-([0-9][^-]*)-[^ ]*\.whl.*/  \2==\3/p
      /^(ERROR|error)|[Hh]ash|[Nn]o space/p' >&2
  fi
}

# ensure_environment LOCK [CONTAINED...]: fills .venv from LOCK unless that was done; CONTAINED are locks that are
# part of it, and so done with it.
ensure_environment() {
  environment_ready "$1" && return
  take_turn
  if ! environment_ready "$1"; then
    rm -f "$venv"/.planboard-*
    environment_sound || make_environment
    say "正在安装程序库（首次约 300 MB，需要网络）……" \
      "Installing libraries (about 300 MB the first time; needs the network) ..."
    fill_environment "$1" || fail "程序库没有装全。请检查网络，再运行一次。" \
      "Not all libraries could be installed. Check the network and start again."
    write_stamps "$@"
  fi
  end_turn
}

# Written last and renamed into place: a stamp is there only when everything before it is.
write_stamps() {
  local lock stamp
  for lock; do
    stamp=$(stamp_of "$lock")
    environment_key "$lock" >"$stamp.new"
    mv "$stamp.new" "$stamp"
  done
}

# --- the system's packages ----------------------------------------------------------------------------------------

# present PROBE...: is any of these libraries or files here?
present() {
  local probe found
  for probe; do
    case $probe in
      /*) for found in $probe; do [ -e "$found" ] && return; done ;;
      *) for found in /usr/lib/*-linux-*/"$probe" /usr/lib64/"$probe" /usr/lib/"$probe"; do
        [ -e "$found" ] && return
      done ;;
    esac
  done
  return 1
}

# Sets `missing` to the packages of the lists that are not here. Runs at each start, so it starts no process.
find_missing() {
  local list package probes
  missing=()
  [ "$(uname -s)" = Linux ] || return 0
  for list; do
    while read -r package probes; do
      case $package in '' | '#'*) continue ;; esac
      # shellcheck disable=SC2086  # the probes are words, and patterns
      set -f; set -- $probes; set +f
      present "$@" || missing+=("$package")
    done <"$list"
  done
}

# Sets `as_root` to what makes a command root's here, without asking where nobody can answer.
find_root() {
  if [ "$(id -u)" = 0 ]; then as_root=(env)
  elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then as_root=(sudo env)
  else return 1
  fi
}

install_packages() {
  local as_root
  { command -v apt-get >/dev/null && find_root; } || return 1
  say "正在安装系统软件包：$*" "Installing system packages: $*"
  # One dead source among several is no reason to stop: what counts is whether the packages can be had.
  "${as_root[@]}" apt-get update -qq >&2 || true
  "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" | sed -unE 's/^Setting up ([^ ]+).*/  \1/p' >&2
}

# ensure_packages LIST...: installs what is missing of the lists; says and returns 1 if something still is.
ensure_packages() {
  find_missing "$@"
  [ ${#missing[@]} -eq 0 ] && return
  take_turn
  find_missing "$@"
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}" || true
  end_turn
  find_missing "$@"
  [ ${#missing[@]} -eq 0 ] && return
  say "系统缺少软件包，请安装：" "System packages are missing, please install them:"
  printf '  sudo apt-get install %s\n' "${missing[*]}" >&2
  return 1
}
