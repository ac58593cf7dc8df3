"""What PyTorch's own attention takes at the shapes of bench/gpu/Kernels: FlashAttention-2, cuDNN, FlexAttention, torch.compile. Writes JSON."""
import json
import sys

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.flex_attention import create_block_mask, flex_attention
from torch.nn.functional import scaled_dot_product_attention as sdpa

BACKENDS = {"FlashAttention-2": SDPBackend.FLASH_ATTENTION, "cuDNN": SDPBackend.CUDNN_ATTENTION}
HEADS, DIM = 16, 128
busy = torch.randn(8192, 8192, dtype=torch.bfloat16, device="cuda")


def once(run, repeats):
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    busy @ busy
    start.record()
    for _ in range(repeats):
        run()
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end) / repeats


def milliseconds(run):
    for _ in range(3):
        once(run, 1)
    repeats = 12 if once(run, 1) < 0.3 else 1
    return sorted(once(run, repeats) for _ in range(15))[7]


def draw(*shape):
    return torch.randn(*shape, dtype=torch.bfloat16, device="cuda")


def graphed(run):
    """Python takes longer to ask for a short kernel than the kernel runs."""
    for _ in range(3):
        run()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run()
    return graph.replay


def main(path):
    results = {}

    def note(case, peer, run):
        try:
            results.setdefault(case, {})[peer] = milliseconds(run())
        except Exception as failure:  # A backend that does not serve a shape is no peer there.
            print(f"{case}: {peer}: {str(failure)[:90]}", file=sys.stderr)

    for batch, heads, length, dim, causal in [(16, HEADS, 2048, DIM, True), (4, HEADS, 8192, DIM, True), (1, HEADS, 32768, DIM, True),
                                              (4, HEADS, 8192, DIM, False), (4, 2 * HEADS, 8192, 64, True)]:
        q, k, v = (draw(batch, heads, length, dim).requires_grad_() for _ in range(3))
        gradient = draw(batch, heads, length, dim)
        shape = f"B{batch}-H{heads}-T{length}-D{dim}" + ("" if causal else "-full")
        for name, backend in BACKENDS.items():
            with sdpa_kernel(backend):
                note(f"softmax-fwd-{shape}", name, lambda: lambda: sdpa(q.detach(), k.detach(), v.detach(), is_causal=causal))
                if causal and dim == DIM:
                    output = sdpa(q, k, v, is_causal=causal)
                    note(f"softmax-bwd-{shape}", name, lambda: lambda: torch.autograd.grad(output, (q, k, v), gradient, retain_graph=True))

    length, window, sinks = 32768, 1024, 64
    q, k, v = (draw(1, HEADS, length, DIM) for _ in range(3))
    mask = create_block_mask(lambda b, h, i, j: (j <= i) & ((j > i - window) | (j < sinks)), None, None, length, length, device="cuda")
    flex = torch.compile(flex_attention)
    note("window", "FlexAttention", lambda: lambda: flex(q, k, v, block_mask=mask))

    for heads, length in [(8, 8192), (8, 65536), (8, 524288), (32, 8192)]:
        q, k, v = draw(1, 32, 1, DIM), draw(1, heads, length, DIM), draw(1, heads, length, DIM)
        for name, backend in BACKENDS.items():
            with sdpa_kernel(backend):
                note(f"decode-Hk{heads}-N{length}", name, lambda: graphed(lambda: sdpa(q, k, v, enable_gqa=heads != 32)))

    with open(path, "w") as file:
        json.dump(results, file, indent=1)


main(sys.argv[1])
