# shellcheck shell=bash
# The shared part of script/server and script/test: it finds the programs that they need, and installs them where it may.
# It never installs a Rust toolchain, and announces each installation and its reason first.

say() { printf '%s\n' "$*"; }

stop() {
    printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# How this user may become root for apt-get: nothing for root, `sudo` where it asks no question or can ask one.
# Fails where there is no apt-get or no way to use it.
apt_prefix() {
    have apt-get || return 1
    if [ "$(id -u)" -eq 0 ]; then
        printf ''
    elif have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        printf 'sudo'
    else
        return 1
    fi
}

# install_packages REASON PACKAGE...: installs Debian packages; where it may not, it names the missing ones and returns 1.
install_packages() {
    local reason=$1 prefix
    shift
    if ! prefix=$(apt_prefix); then
        say "missing: $* ($reason)"
        if have apt-get; then
            say "  you are not root here and sudo does not work; ask whoever is to run:  apt-get install $*"
        else
            say "  this machine has no apt-get; install what its own package system calls: $*"
        fi
        return 1
    fi
    say "installing with apt-get: $* ($reason)"
    if [ -z "${apt_lists_fresh:-}" ]; then
        $prefix apt-get update -qq || say "  apt-get update failed; trying with the lists that are here"
        apt_lists_fresh=yes
    fi
    # `env` after sudo, because sudo drops the variables of its caller.
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# at_least WANTED FOUND: compares versions such as 1.90 and 1.95.0.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

need_rust() {
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
    if ! have cargo && [ -x "$HOME/.cargo/bin/cargo" ]; then
        PATH="$HOME/.cargo/bin:$PATH"
        export PATH
    fi
    have cargo || stop "no Rust toolchain here. Rochdale needs Rust $wanted or newer; get it from https://rustup.rs (one command, no root needed), open a new shell, and run this again. Debian's and Ubuntu's own rustc packages are too old."
    found=$(cargo --version | awk '{ print $2 }')
    at_least "$wanted" "$found" || stop "cargo is $found, and Rochdale needs $wanted or newer. With rustup: rustup update stable. Otherwise get Rust from https://rustup.rs."
}

# SQLite is compiled from its C source into the binary, and Rust links with the C compiler.
need_compiler() {
    local program
    program=$(mktemp)
    if have cc && printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' | cc -x c -o "$program" - 2>/dev/null; then
        rm -f "$program"
        return 0
    fi
    rm -f "$program"
    install_packages "a C compiler and linker: SQLite is compiled into the binary" gcc libc6-dev ||
        stop "cannot build without a C compiler."
}

# need_forge_clients FOLDER: a Python there with other people's clients of forges, which drive the stand-in for one.
need_forge_clients() {
    local venv=$1
    if ! cmp -s script/forge-clients.txt "$venv/installed.txt"; then
        python3 -c 'import ensurepip, venv' 2>/dev/null ||
            install_packages "clients of forges are Python programs" python3 python3-venv || return 1
        say "installing with pip, into $venv: $(tr '\n' ' ' <script/forge-clients.txt)"
        python3 -m venv "$venv" || return 1
        "$venv/bin/pip" install --quiet --disable-pip-version-check -r script/forge-clients.txt || return 1
        cp script/forge-clients.txt "$venv/installed.txt"
    fi
}
