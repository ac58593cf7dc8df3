"""Talks to the kernel as a front end does, through Jupyter's own client; prints one JSON object of what it saw."""
import json, sys, time
from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=60)
seen = {}


def messages(request):
    out = []
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return out
        if message["msg_type"] not in ("status", "execute_input"):
            out.append([message["msg_type"], message["content"]])


def reply(request):
    while True:
        message = client.get_shell_msg(timeout=60)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def run(code, **options):
    request = client.execute(code, **options)
    return {"outputs": messages(request), "reply": reply(request)}


try:
    seen["info"] = reply(client.kernel_info())
    seen["result"] = run("var x = 20; x + 1")
    seen["state"] = run("x * 2")
    seen["stream"] = run('Console.Write("out"); Console.Error.Write("err");')
    seen["display"] = run('var d = display("first"); d.Update("second");')
    seen["error"] = run('throw new InvalidOperationException("so it goes");')
    seen["syntax"] = run("x.Foo()")
    seen["silent"] = run('Console.Write("unheard"); x', silent=True)
    seen["magic"] = run("#!attn list")
    loop = client.execute("while (true) { }")
    queued = client.execute('"never"')
    time.sleep(1)
    began = time.time()
    manager.interrupt_kernel()
    seen["interrupted"] = reply(loop)
    seen["interrupt_seconds"] = time.time() - began
    seen["aborted"] = reply(queued)
    seen["after"] = run("x")
    seen["complete"] = [reply(client.is_complete(code))["status"] for code in ("1 + 1", "if (true) {", "var x = ;")]
    seen["completion"] = reply(client.complete("#!attn sh", 9))
    seen["history"] = reply(client.history(hist_access_type="tail", n=1))
    client.shutdown()
    for _ in range(100):
        if not manager.is_alive():
            break
        time.sleep(0.1)
    seen["ended"] = not manager.is_alive()
finally:
    if manager.is_alive():
        manager.shutdown_kernel(now=True)
print(json.dumps(seen))
