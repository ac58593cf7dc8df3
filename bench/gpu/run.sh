#!/usr/bin/env bash
# On a GPU machine, beside the unpacked attn: what the machine is, the tests of the CUDA kernels and their times beside PyTorch's own, every
# mechanism's conformance on the GPU (no figure for a red one), then what they take beside softmax, then the notebooks' GPU claims. Leaves its pages
# in the folder given, or in out. KERNELS=only stops after the kernels; with a folder of fla on PYTHONPATH it is a peer too.
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
if "$here/Kernels.Tests" -trait GPU=true >"$out/kernel-tests.txt" 2>&1; then
    python3 "$here/peers.py" "$out/peers.json"
    echo "$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader), $(date -I)" | tee "$out/kernels.md"
    "$here/attn-kernels" "$out/peers.json" | tee -a "$out/kernels.md"
else
    failed=1
fi
grep -E 'FAIL|over|Total' "$out/kernel-tests.txt"
[ "${KERNELS:-}" != only ] || exit $failed
green=()
for id in $("$attn" list | awk 'NR > 2 && !/mechanisms$/ { print $1 }'); do
    # Odd shapes of every dtype, then one in bfloat16 that is long enough to be cut into segments.
    if "$attn" check "$id" --device cuda >"$out/check-$id.txt" 2>&1 &&
        { [ "$id" != lightning ] || "$attn" check "$id" --device cuda --dtype bfloat16 --causal --shape 1,2,2049,128 >>"$out/check-$id.txt" 2>&1; }; then
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
# The shape of the kernels' targets; a decay a head is set, not learned.
for length in 2048,8192 32768; do
    batch=$([ "$length" = 32768 ] && echo 1 || echo 4)
    for mode in fwd fwdbwd; do
        "$attn" bench lightning:tiled softmax --device cuda --dtype bfloat16 --batch "$batch" --heads 16 --dim 128 --seq "$length" --mode "$mode" | tee -a "$out/bench-bfloat16.txt"
    done
done
"$attn" verify 02 15 28 39 58 73 74 --notebooks "$here/notebooks" --scale smoke --out "$out" || failed=1
exit $failed
