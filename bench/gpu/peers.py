"""What others take at the shapes of bench/gpu/Kernels: FlashAttention-2, cuDNN and FlexAttention of PyTorch, chunks of linear attention by
torch.compile, and fla where a folder of it is on PYTHONPATH. Writes JSON."""
import importlib.util
import json
import sys

import torch
import torch.nn.functional as F
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


def chunks(q, k, v, log_decay, size=128):
    """Linear attention with a decay a head, all of it products: within chunks, of each chunk's state, and of the states before it."""
    batch, heads, length, dim = q.shape
    q, k, v = (x.view(batch, heads, -1, size, dim) for x in (q, k, v))
    within, across = torch.arange(size, device=q.device), torch.arange(length // size, device=q.device)
    decay = log_decay.view(-1, 1, 1)

    def decayed(apart):
        return torch.where(apart >= 0, torch.exp(decay * apart), 0).to(q.dtype)

    scores = q @ k.transpose(-1, -2) * decayed(within[:, None] - within).unsqueeze(1)
    states = (k * decayed(size - 1 - within[None, :]).view(heads, 1, size, 1)).transpose(-1, -2) @ v
    before = decayed(size * (across[:, None] - across - 1)) @ states.flatten(-2)
    carried = (q * decayed(1 + within[None, :]).view(heads, 1, size, 1)) @ before.view_as(states)
    return (scores @ v + carried).view(batch, heads, length, dim)


def check_chunks():
    q, k, v = (draw(1, 2, 512, 64).float() for _ in range(3))
    log_decay = torch.tensor([-0.05, -0.01], device="cuda")
    apart = torch.arange(512, device="cuda")[:, None] - torch.arange(512, device="cuda")
    weights = torch.where(apart >= 0, torch.exp(log_decay.view(-1, 1, 1) * apart), 0)
    plain = q @ k.transpose(-1, -2) * weights @ v
    error = (chunks(q, k, v, log_decay) - plain).norm() / plain.norm()
    assert error < 1e-2, f"chunks: off by {error}"  # float32 products may be rounded to TF32.


def main(path):
    results = {}

    def note(case, peer, run):
        try:
            results.setdefault(case, {})[peer] = milliseconds(run())
        except Exception as failure:  # A backend that does not serve a shape is no peer there.
            print(f"{case}: {peer}: {str(failure)[:90]}", file=sys.stderr)

    def note_both(case, shape, peer, function, leaves, gradient):
        def backward():
            output = function(*leaves)
            return lambda: torch.autograd.grad(output, leaves, gradient, retain_graph=True)

        inputs = [leaf.detach() for leaf in leaves]
        note(f"{case}-fwd-{shape}", peer, lambda: lambda: function(*inputs))
        note(f"{case}-bwd-{shape}", peer, backward)

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

    decay = torch.full((HEADS,), -0.05, device="cuda")
    check_chunks()
    compiled = torch.compile(chunks)
    q, k, v = (draw(4, HEADS, 8192, DIM).requires_grad_() for _ in range(3))
    note_both("lightning", "B4-T8192", "torch.compile", lambda q, k, v: compiled(q, k, v, decay), [q, k, v], draw(4, HEADS, 8192, DIM))

    if importlib.util.find_spec("fla"):
        from fla.ops.gla import chunk_gla
        from fla.ops.simple_gla import chunk_simple_gla

        for batch, length in [(16, 2048), (4, 8192), (1, 32768)]:
            shape = f"B{batch}-T{length}"
            q, k, v = (draw(batch, length, HEADS, DIM).requires_grad_() for _ in range(3))
            gradient = draw(batch, length, HEADS, DIM)
            gate = (F.logsigmoid(draw(batch, length, HEADS, DIM)) / 16).requires_grad_()
            token = gate[..., 0].detach().requires_grad_()
            note_both("linear", shape, "fla", lambda q, k, v: chunk_simple_gla(q, k, v, scale=1.0)[0], [q, k, v], gradient)
            note_both("lightning", shape, "fla", lambda q, k, v: chunk_simple_gla(q, k, v, g_gamma=decay, scale=1.0)[0], [q, k, v], gradient)
            note_both("gated-linear", shape, "fla", lambda q, k, v, g: chunk_gla(q, k, v, g, scale=1.0)[0], [q, k, v, gate], gradient)
            note_both("decay-a-token", shape, "fla", lambda q, k, v, g: chunk_simple_gla(q, k, v, g, scale=1.0)[0], [q, k, v, token], gradient)

    with open(path, "w") as file:
        json.dump(results, file, indent=1)


main(sys.argv[1])
