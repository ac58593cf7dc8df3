#!/usr/bin/env python3
"""Peak memory and time of every notebook at smoke, one process each: a Markdown table. A Binder gives 2 GB.

  /usr/bin/python3 bench/memory.py [NOTEBOOK...]
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ATTN = ROOT / "src/Notebook.Host/bin/Release/net10.0/linux-x64/attn"


def run(notebook, out):
    """Megabytes of the process's resident memory at its peak, and seconds."""
    start = time.monotonic()
    process = subprocess.Popen([ATTN, "run", notebook, "--scale", "smoke", "--out", out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss * 1024 / 1e6, time.monotonic() - start


def main(names):
    notebooks = [pathlib.Path(name) for name in names] or sorted((ROOT / "notebooks").glob("*.ipynb"))
    print("| notebook | MB | seconds |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as out:
        for notebook in notebooks:
            megabytes, seconds = run(notebook, out)
            print(f"| {notebook.stem} | {megabytes:.0f} | {seconds:.0f} |", flush=True)


main(sys.argv[1:])
