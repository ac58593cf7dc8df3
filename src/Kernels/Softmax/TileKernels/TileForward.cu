#include "Tiles.cuh"

// out = act(scale * q kT + bias) v, where act is the sigmoid, or e^x or ln(1 + e^x) over its row's sum. A block has 128 queries of one head, 64 for each of two
// warpgroups, and walks the tiles of 128 keys that they see; a third warpgroup has the copy engine bring them, two tiles ahead.

constexpr int ROWS = 128, KEYS = 128, PANEL = 128 * 128, TILE = PANELS * PANEL;
constexpr int KS = TILE, VS = KS + 2 * TILE, BARRIERS = VS + 2 * TILE;  // q, then two tiles each of k and of v
constexpr int Q_FULL = BARRIERS, K_FULL = Q_FULL + 8, V_FULL = K_FULL + 16, K_EMPTY = V_FULL + 16, V_EMPTY = K_EMPTY + 16;

// The weights of a tile of scores, as the next product takes them; what they do to rows that came before stays in `rescale`.
struct Activation {
    float largest[2], sum[2], rescale[2];

    __device__ __forceinline__ Activation() {
        for (int i = 0; i < 2; i++) {
            largest[i] = -INFINITE;
            sum[i] = 0;
            rescale[i] = 1;
        }
    }

    template <bool HIDES> __device__ __forceinline__ void apply(float (&s)[64], const Call& c, int q, int k) {
        const Span seen[2] = {keys_of(c.sight, q, k), keys_of(c.sight, q + 8, k)};
#ifdef SOFTMAX
        if (HIDES)
            hide(s, seen, -INFINITE);
        const float factor = c.scale * LOG2E;
        float base[2];
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float most = largest[half];
#pragma unroll
            for (int n = 0; n < 16; n++)
                most = fmaxf(most, fmaxf(s[4 * n + 2 * half], s[4 * n + 2 * half + 1]));
            most = fmaxf(most, __shfl_xor_sync(~0u, most, 1));
            most = fmaxf(most, __shfl_xor_sync(~0u, most, 2));
            base[half] = most == -INFINITE ? 0.f : most * factor;
            rescale[half] = exp2_fast(largest[half] * factor - base[half]);
            largest[half] = most;
            sum[half] *= rescale[half];
        }
#pragma unroll
        for (int i = 0; i < 64; i++) {
            s[i] = exp2_fast(s[i] * factor - base[(i >> 1) & 1]);
            sum[(i >> 1) & 1] += s[i];
        }
#elif defined(SOFTPLUS)
#pragma unroll
        for (int i = 0; i < 64; i++)
            s[i] = softplus(s[i] * c.scale);
        if (HIDES)
            hide(s, seen, 0);
#pragma unroll
        for (int i = 0; i < 64; i++)
            sum[(i >> 1) & 1] += s[i];
#else
        sigmoid(s, c);
        if (HIDES)
            hide(s, seen, 0);
#endif
    }
};

__device__ __forceinline__ void produce(
    u32 base, const TensorMap* q, const TensorMap* k, const TensorMap* v, const KeyTiles<ROWS, KEYS>& tiles, int row, int slice, int kv) {
    if (tiles.count == 0)
        return;
    expect(base + Q_FULL, TILE);
    bring<128, PANELS>(base, q, row, slice, base + Q_FULL);
    for (int i = 0; i < tiles.count; i++) {
        const int stage = i & 1, at = tiles[i] * KEYS;
        const u32 last_phase = ((i >> 1) - 1) & 1;
        if (i >= 2)
            wait(base + K_EMPTY + stage * 8, last_phase);
        expect(base + K_FULL + stage * 8, TILE);
        bring<128, PANELS>(base + KS + stage * TILE, k, at, kv, base + K_FULL + stage * 8);
        if (i >= 2)
            wait(base + V_EMPTY + stage * 8, last_phase);
        expect(base + V_FULL + stage * 8, TILE);
        bring<128, PANELS>(base + VS + stage * TILE, v, at, kv, base + V_FULL + stage * 8);
    }
}

__device__ __forceinline__ void consume(u32 base, const Call& call, const KeyTiles<ROWS, KEYS>& tiles, int group, int row, int slice, number* out, float* norms) {
    const int lane = threadIdx.x & 31, warp = (threadIdx.x >> 5) & 3, t2 = (lane & 3) * 2;
    const int first = row + group * 64, mine = first + warp * 16 + (lane >> 2);
    float o[D / 2], s[64];
    u32 p[8][4];
    Activation act;
#pragma unroll
    for (int i = 0; i < D / 2; i++)
        o[i] = 0;

    auto multiply_keys = [&](int i) {
        const u32 ks = base + KS + (i & 1) * TILE;
        wait(base + K_FULL + (i & 1) * 8, (i >> 1) & 1);
        open_products();
#pragma unroll
        for (int j = 0; j < D / 16; j++)
            scores(s, matrix(base + (j >> 2) * PANEL + group * 64 * 128 + (j & 3) * 32), matrix(ks + (j >> 2) * PANEL + (j & 3) * 32), j);
        close_products();
    };
    auto multiply_values = [&](int i) {
        const u32 vs = base + VS + (i & 1) * TILE;
        wait(base + V_FULL + (i & 1) * 8, (i >> 1) & 1);
        open_products();
#pragma unroll
        for (int j = 0; j < 8; j++)
            mix(o, p[j], matrix(vs + j * 2048, PANEL));
        close_products();
    };
    auto release = [&](u32 barriers, int i) {
        if (lane == 0)
            arrive(base + barriers + (i & 1) * 8);
    };
    auto weigh = [&](int i) {
        const int k = tiles[i] * KEYS;
        if (call.sight.all_see(first, first + 63, k, k + KEYS - 1))
            act.apply<false>(s, call, mine, k + t2);
        else
            act.apply<true>(s, call, mine, k + t2);
    };

    if (tiles.count > 0) {
        wait(base + Q_FULL, 0);
        multiply_keys(0);
        wait_products<0>();
        settle(s);
        release(K_EMPTY, 0);
        weigh(0);
        pack_rows(p, s);
        for (int i = 1; i < tiles.count; i++) {
            // The scores of this tile while the weights of the last one meet their values: those are packed anew only when that is over.
            multiply_keys(i);
            multiply_values(i - 1);
            wait_products<1>();
            settle(s);
            release(K_EMPTY, i);
            weigh(i);
            wait_products<0>();
            settle(o);
            release(V_EMPTY, i - 1);
            pack_rows(p, s);
#ifdef SOFTMAX
#pragma unroll
            for (int j = 0; j < D / 2; j++)
                o[j] *= act.rescale[(j >> 1) & 1];
#endif
        }
        multiply_values(tiles.count - 1);
        wait_products<0>();
        settle(o);
    }

    float factor[2] = {1, 1};
#ifdef NORMED
#pragma unroll
    for (int half = 0; half < 2; half++) {
        float sum = act.sum[half];
        sum += __shfl_xor_sync(~0u, sum, 1);
        sum += __shfl_xor_sync(~0u, sum, 2);
        factor[half] = sum > 0 ? 1 / sum : 0.f;
        const int q = mine + half * 8;
        // Against an infinite sum a row that sees nothing gets weights of 0 in the backward pass; softplus has them at 0 already.
        if (norms && t2 == 0 && q < call.sight.queries) {
#ifdef SOFTMAX
            const float norm = sum > 0 ? act.largest[half] * call.scale + __logf(sum) : INFINITE;
#else
            const float norm = sum > 0 ? sum : 1.f;
#endif
            norms[(size_t)slice * call.sight.queries + q] = norm;
        }
    }
#endif
    leave<128>(o, factor[0], factor[1], base, group, out + (size_t)slice * call.sight.queries * D, row, call.sight.queries);
}

// q, out [slices, queries, D]; k, v [slices / shared, keys, D]; norms [slices, queries], a softmax's LSE or a softplus's sum, or null. Grid: blocks of 128 queries, slices.
extern "C" __global__ void __launch_bounds__(CONSUMERS + PRODUCERS, 1) attend(
    const __grid_constant__ TensorMap q, const __grid_constant__ TensorMap k, const __grid_constant__ TensorMap v, number* __restrict__ out, float* __restrict__ norms,
    int queries, int keys, int offset, int window, int sinks, int shared, float scale, float bias) {
    extern __shared__ __align__(1024) unsigned char memory[];
    const u32 base = (shared_address(memory) + 1023) & ~1023u;
    const Call call = {{queries, keys, offset, window, sinks}, scale, bias};
    // The longest rows first: what is left for the end is short.
    const int row = (gridDim.x - 1 - blockIdx.x) * ROWS, slice = blockIdx.y;
    const KeyTiles<ROWS, KEYS> tiles(call.sight, row);
    // As a warp has it, or the compiler takes the branch for one that warps may part at, and lets no products run beside each other.
    const int group = __shfl_sync(~0u, threadIdx.x / 128, 0);
    if (threadIdx.x == 0) {
        create(base + Q_FULL, 1);
        for (int i = 0; i < 2; i++) {
            create(base + K_FULL + i * 8, 1);
            create(base + V_FULL + i * 8, 1);
            create(base + K_EMPTY + i * 8, CONSUMERS / 32);
            create(base + V_EMPTY + i * 8, CONSUMERS / 32);
        }
        show_barriers();
    }
    __syncthreads();
    if (group == 2) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 24;");
        if (threadIdx.x == CONSUMERS)
            produce(base, &q, &k, &v, tiles, row, slice, slice / shared);
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 240;");
        consume(base, call, tiles, group, row, slice, out, norms);
    }
}
