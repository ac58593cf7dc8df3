"""One cell through Jupyter's own client; prints its result as JSON."""
import json, sys
from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=60)
try:
    result = []
    client.execute_interactive("torch.ones(2, 3).sum().item<float>()", timeout=60, output_hook=lambda message: result.append(message["content"].get("data", {}).get("text/plain")))
    print(json.dumps({"result": next(text for text in result if text)}))
finally:
    manager.shutdown_kernel(now=True)
