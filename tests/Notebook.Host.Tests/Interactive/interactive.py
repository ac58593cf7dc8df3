"""Loads Attn in .NET Interactive over Jupyter and runs a notebook there; prints one JSON object of what was seen."""
import json, sys
from jupyter_client.manager import start_new_kernel

kernel, feed, notebook = sys.argv[1:]
manager, client = start_new_kernel(kernel_name=kernel, startup_timeout=120)
LONGEST = 20_000  # plotly.js alone is millions of characters


def short(content):
    return {key: str(value)[:LONGEST] for key, value in content.items()}


def run(code):
    request = client.execute(code)
    outputs = []
    while True:
        message = client.get_iopub_msg(timeout=240)
        kind, content = message["msg_type"], message["content"]
        if message["parent_header"].get("msg_id") != request:
            continue
        if kind == "status" and content["execution_state"] == "idle":
            return outputs
        if kind == "stream":
            outputs.append([content["name"], content["text"]])
        elif kind in ("display_data", "update_display_data", "execute_result"):
            outputs.append([kind, short(content["data"]), content["transient"]["display_id"]])
        elif kind == "error":
            outputs.append([kind, content["evalue"]])


def complete(code):
    return client.complete(code, len(code), reply=True, timeout=60)["content"]["matches"]


try:
    seen = {}
    # The first cell of a session also shows how its front end may reach it.
    run("1 + 1")
    seen["load"] = run(f'#i "nuget:{feed}"\n#r "nuget: Attn.Notebook"')
    seen["tensors"] = run("var (q, k, v) = (randn(1, 2, 8, 16), randn(1, 2, 8, 16), randn(1, 2, 8, 16)); Console.WriteLine(q.shape.Length);")
    seen["out"] = run("#!attn run softmax --q=q --k k --v v --out gated")
    seen["gated"] = run("Console.WriteLine(gated.shape[3]);")
    seen["wrong"] = run("#!attn run softmax --q qq --k k --v v")
    seen["help"] = run("#!attn help bench")
    seen["progress"] = run('using (var progress = Progress.Start("steps", 3)) { progress.Report(1); await Task.Delay(200); progress.Report(2); }')
    seen["verbs"] = complete("#!attn ")
    seen["ids"] = complete("#!attn show ")
    seen["variables"] = complete("#!attn run softmax --q ")
    seen["again"] = run('#r "nuget: Attn.Notebook"')
    seen["notebook"] = []
    for cell in json.load(open(notebook))["cells"]:
        if cell["cell_type"] == "code":
            code = "".join(cell["source"]).replace('"laptop"', '"smoke"')
            seen["notebook"].append([cell["id"], run(code)])
finally:
    manager.shutdown_kernel(now=True)
print(json.dumps(seen))
