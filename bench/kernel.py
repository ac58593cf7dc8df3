"""What a user of the kernel waits for, beside Debian's ipykernel in one run: start to the first answer, a trivial cell, completion.
  /usr/bin/python3 bench/kernel.py [CELLS]
Needs the Release build of src/Notebook.Host, python3-jupyter-client and python3-ipykernel. Prints medians; CELLS more trivial cells show
the kernel's memory."""
import os, statistics, subprocess, sys, tempfile, time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
attn = os.path.join(root, "src/Notebook.Host/bin/Release/net10.0/linux-x64/attn")
prefix = tempfile.mkdtemp()
os.environ.update(JUPYTER_PATH=os.path.join(prefix, "share/jupyter"), XDG_STATE_HOME=prefix, IPYTHONDIR=prefix)
subprocess.run([attn, "install", "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)

from jupyter_client.manager import start_new_kernel


def answer(client, request):
    while True:
        message = client.get_shell_msg(timeout=120)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def shown(client, request):
    """Reads what the cell shows, as front ends do: what nobody reads, the kernel would keep."""
    while True:
        message = client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle":
            return


def run(client, code):
    request = client.execute(code)
    answer(client, request)
    shown(client, request)


def timed(action):
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def first_answer(name):
    began = time.perf_counter()
    manager, client = start_new_kernel(kernel_name=name, startup_timeout=120)
    answer(client, client.execute("1+1"))
    elapsed = (time.perf_counter() - began) * 1000
    manager.shutdown_kernel(now=True)
    return elapsed


def median(count, action):
    return statistics.median(action() for _ in range(count))


def session(name, setup, member):
    manager, client = start_new_kernel(kernel_name=name, startup_timeout=120)
    answer(client, client.execute(setup))
    time.sleep(4)
    cell = median(50, lambda: timed(lambda: answer(client, client.execute("1+1"))))
    complete = lambda: answer(client, client.complete(member))
    assert complete()["matches"]
    return manager, client, cell, median(30, lambda: timed(complete))


def memory(manager):
    with open(f"/proc/{manager.provisioner.process.pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def managed(client):
    """What the kernel's garbage collector holds after a collection, in MiB."""
    content = answer(client, client.execute("", user_expressions={"heap": "GC.GetTotalMemory(true) / 1048576.0"}))
    return float(content["user_expressions"]["heap"]["data"]["text/plain"])


kernels = {"attn": (".net-csharp", "var q = torch.randn(2, 3);", "q."), "ipykernel": ("python3", "import pathlib; q = pathlib.Path('.')", "q.")}
starts = {label: [] for label in kernels}
for _ in range(6):
    for label, (name, _, _) in kernels.items():
        starts[label].append(first_answer(name))
for label, (name, setup, member) in kernels.items():
    manager, client, cell, complete = session(name, setup, member)
    if label == "attn":
        first, other = (statistics.median(starts[name][1:]) for name in ("attn", "ipykernel"))
        print(f"start: {first / other:.2f} of ipykernel's")
    print(f"{label:10} start to 1+1 answered {statistics.median(starts[label][1:]):6.0f} ms   trivial cell {cell:6.1f} ms   completion after '.' {complete:6.1f} ms")
    if label == "attn" and len(sys.argv) > 1:
        for done in range(int(sys.argv[1]) + 1):
            if done % max(1, int(sys.argv[1]) // 10) == 0:
                print(f"           {done:6} cells: {memory(manager):6.0f} MiB, {managed(client):6.1f} of them managed")
            run(client, "1+1")
    manager.shutdown_kernel(now=True)
