"""Talks to the kernel as a front end does, through Jupyter's own client; prints one JSON object of what it saw."""
import json, re, sys, time
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


heard = []


def recording(get):
    def get_and_keep(**options):
        heard.append(get(**options))
        return heard[-1]
    return get_and_keep


def reply(request):
    while True:
        message = client.get_shell_msg(timeout=60)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def run(code, **options):
    request = client.execute(code, **options)
    return {"outputs": messages(request), "reply": reply(request)}


def interrupt(cell):
    time.sleep(1)
    began = time.time()
    manager.interrupt_kernel()
    return reply(cell), time.time() - began


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
    seen["interrupted"], seconds = interrupt(loop)
    seen["aborted"] = reply(queued)
    # The best of three: the machine may be doing something else.
    seen["interrupt_seconds"] = min(seconds, *(interrupt(client.execute("while (true) { }", store_history=False))[1] for _ in range(2)))
    seen["after"] = run("x")
    seen["complete"] = [reply(client.is_complete(code))["status"] for code in ("1 + 1", "if (true) {", "var x = ;")]
    seen["completion"] = reply(client.complete("#!attn sh", 9))
    seen["members"] = reply(client.complete("/* \U0001d70b */ Math.Ma", 18))
    seen["inspection"] = reply(client.inspect("Math.Max(1, 2)", 6))
    seen["nothing"] = reply(client.inspect("unknown", 3))
    seen["question"] = run("Math.Max?")
    seen["expressions"] = run("x", user_expressions={"twice": "x * 2", "wrong": "nope"})["reply"]
    run("x + 100", store_history=False)
    run('throw new Exception("on line one");', store_history=False)
    seen["tail"] = reply(client.history(hist_access_type="tail", n=2, output=True))
    seen["range"] = reply(client.history(hist_access_type="range", session=0, start=1, stop=3))
    seen["search"] = reply(client.history(hist_access_type="search", pattern="x*", n=5, unique=True))
    seen["clear"] = run('Console.Write("before"); Display.Clear(true); Console.Write("after");')
    asking = client.execute('var line = Console.ReadLine(); var secret = Ask.Password("password: "); $"{line}, {secret.Length}"', allow_stdin=True)
    seen["questions"] = []
    for answer in ("Ada", "secret"):
        seen["questions"].append(client.get_stdin_msg(timeout=60)["content"])
        client.input(answer)
    seen["answers"] = {"outputs": messages(asking), "reply": reply(asking)}
    seen["nobody"] = run("Console.ReadLine()", allow_stdin=False)["reply"]
    waiting = client.execute("Console.ReadLine()", allow_stdin=True)
    client.get_stdin_msg(timeout=60)
    manager.interrupt_kernel()
    seen["gave_up"] = reply(waiting)

    def send(kind, **content):
        message = client.session.msg(kind, content)
        client.shell_channel.send(message)
        return messages(message["header"]["msg_id"])

    shown = run('var slider = Interact.Slider("a", 0, 10, value => $"value {value}");')["outputs"]
    control = re.search('id="(attn-[0-9a-f]+)"', shown[0][1]["data"]["text/html"]).group(1)
    seen["slider"] = shown
    send("comm_open", comm_id="one", target_name="attn.control", data={"control": control})
    seen["comms"] = reply(client.comm_info())
    client.get_iopub_msg = recording(client.get_iopub_msg)
    send("comm_msg", comm_id="one", data={"value": 7})
    seen["moved"] = [[message["msg_type"], message["content"]] for message in heard if message["msg_type"] in ("update_display_data", "comm_msg")]
    seen["slider_value"] = run("slider.Value")
    heard.clear()
    send("comm_open", comm_id="two", target_name="nobody", data={})
    seen["refused"] = [message["content"] for message in heard if message["msg_type"] == "comm_close"]
    send("comm_close", comm_id="one", data={})
    seen["comms_closed"] = reply(client.comm_info())
    run("var count = 0;")
    counting = client.session.msg("execute_request", {"code": "count++;", "silent": False})
    frames = client.session.serialize(counting)
    for _ in range(3):
        client.shell_channel.socket.send_multipart(frames)
    reply(counting["header"]["msg_id"])
    seen["replayed"] = run("count")
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
