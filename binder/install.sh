#!/usr/bin/env bash
# Everything that a bare Ubuntu 24.04 or Debian 12 needs to serve the notebooks. Run it in the repository; steps may be named, all is the default:
#   system     what apt brings, as root: certificates, Python, the .NET SDK
#   jupyter    JupyterLab in a virtual environment
#   attn       the tool, packed from these sources and installed for this user
#   warm       libtorch and the packages' cache: a notebook is run once
#   kernel     attn becomes Jupyter's C# kernel
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 MSBUILDDISABLENODEREUSE=1
: "${ATTN_JUPYTER:=$HOME/jupyter}"
export PATH="$HOME/.dotnet/tools:$ATTN_JUPYTER/bin:$PATH"

system() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends ca-certificates libgomp1 python3-venv
    if ! command -v dotnet >/dev/null; then
        apt-get install -y -qq --no-install-recommends dotnet-sdk-10.0 || {
            echo "install.sh: no package dotnet-sdk-10.0 here; Ubuntu 24.04 has it in noble-updates, elsewhere bring a 'dotnet' on PATH" >&2
            return 1
        }
    fi
}

jupyter() {
    python3 -m venv "$ATTN_JUPYTER"
    "$ATTN_JUPYTER/bin/pip" install --quiet --no-cache-dir 'jupyterlab>=4,<5' 'notebook>=7,<8'
}

attn() {
    local packages
    packages=$(mktemp -d)
    dotnet pack -c Release src/Notebook.Host -p:ToolPackageRuntimeIdentifiers=linux-x64 -o "$packages" --nologo -v quiet
    dotnet tool install --global --source "$packages" attn
    rm -rf "$packages"
}

warm() {
    command attn doctor
    command attn run notebooks/00-start-here.ipynb --scale smoke --out "$(mktemp -d)"
}

kernel() {
    command attn install
    command attn list-kernels
}

for step in "${@:-system jupyter attn warm kernel}"; do
    for name in $step; do
        case $name in
            system | jupyter | attn | warm | kernel) echo "== $name" && "$name" ;;
            *) echo "install.sh: no step '$name'; there are system, jupyter, attn, warm, kernel" >&2 && exit 2 ;;
        esac
    done
done
