#!/usr/bin/env bash
# On a GPU machine, beside the unpacked attn: what the machine is, every mechanism's conformance on the GPU (no figure for a red one),
# then what they take beside softmax, then the notebooks' GPU claims. Leaves its pages in the folder given, or in out.
#   tar xzf attn.tar.gz && bash attn/run.sh [FOLDER]
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-out}
mkdir -p "$out"
export ATTN_LIBTORCH=${ATTN_LIBTORCH:-python}
attn="$here/attn"
failed=0
"$attn" doctor
"$attn" device
green=()
for id in $("$attn" list | awk 'NR > 2 && !/mechanisms$/ { print $1 }'); do
    if "$attn" check "$id" --device cuda >"$out/check-$id.txt" 2>&1; then
        green+=("$id")
    else
        failed=1
        echo "$id is red on the GPU:"
    fi
    cat "$out/check-$id.txt"
done
for mode in fwd fwdbwd; do
    "$attn" bench "${green[@]}" --device cuda --seq 1024..16384 --heads 16 --dim 64 --mode "$mode" | tee "$out/bench-$mode.txt"
done
"$attn" verify 73 --notebooks "$here/notebooks" --scale gpu --out "$out" || failed=1
exit $failed
