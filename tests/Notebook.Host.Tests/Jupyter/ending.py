"""How a kernel ends when a cell ends it; prints one JSON object of what a front end sees."""
import json, sys, time
from jupyter_client.manager import start_new_kernel

seen = {}
for scene, code in (("exit", "Environment.Exit(3);"), ("overflow", "int Deep(int n) => 1 + Deep(n + 1);\nDeep(0)")):
    manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=60)
    client.execute(code)
    began = time.time()
    while manager.is_alive() and time.time() - began < 60:
        time.sleep(0.05)
    seen[scene] = {"alive": manager.is_alive(), "seconds": time.time() - began, "heard": [], "code": manager.provisioner.process.returncode}
    for get in (client.get_iopub_msg, client.get_shell_msg):
        try:
            while True:
                message = get(timeout=1)
                seen[scene]["heard"].append([message["msg_type"], message["content"]])
        except Exception:
            pass
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(seen))
