#!/usr/bin/env bash
# Packs a self-contained attn, without libtorch, for a GPU machine that has a Python PyTorch and no .NET:
#   bench/gpu/pack.sh            writes out/gpu/attn.tar.gz
#   there: tar xzf attn.tar.gz && bash attn/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
rm -rf out/gpu && mkdir -p out/gpu/work
# Built aside: a restore with other properties would otherwise replace the one of the ordinary build.
git ls-files -z | tar c --null -T - | tar x -C out/gpu/work
for project in src/Notebook.Host tests/Kernels.Tests bench/gpu/Kernels; do
    dotnet publish "out/gpu/work/$project" -c Release -r linux-x64 --self-contained true -p:UsesTorch=false -p:AheadOfTime=false -p:DebugType=none -o out/gpu/attn
done
cp -r out/gpu/work/notebooks out/gpu/work/bench/gpu/run.sh out/gpu/work/bench/gpu/peers.py out/gpu/attn
rm -rf out/gpu/work out/gpu/attn/*.xml
tar czf out/gpu/attn.tar.gz -C out/gpu attn
du -h out/gpu/attn.tar.gz
