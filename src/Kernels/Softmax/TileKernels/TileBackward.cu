#include "Tiles.cuh"

// The gradients of TileForward.cu, by recomputed weights and without atomics: a block keeps 128 rows, of keys and values (KEYS; it makes dk and dv)
// or of queries and output gradients (it makes dq), 64 for each of two warpgroups, and walks tiles of 64 rows of the other two.

constexpr int ROWS = 128, WIDTH = 64, PANEL = ROWS * 128, TILE = PANELS * PANEL, STREAM_PANEL = WIDTH * 128, STREAM = PANELS * STREAM_PANEL;
constexpr int SCORED = 0, VALUED = TILE;  // k and v, or q and the output's gradient
constexpr int STAGES = 2 * TILE, STAGE = 2 * STREAM, COUNT = 2, BARRIERS = STAGES + COUNT * STAGE;
constexpr int FIXED_FULL = BARRIERS, FULL = BARRIERS + 8, EMPTY = FULL + 8 * COUNT;

// What belongs to a query, such as its norm, for a thread's i-th number.
__device__ __forceinline__ float of_query(const float* from, const Sight& s, int i, int mine, int at) {
#ifdef KEYS
    const int q = at + (i >> 2) * 8 + (i & 1);
#else
    const int q = mine + ((i >> 1) & 1) * 8;
#endif
    return from[min(q, s.queries - 1)];
}

#ifdef KEYS
// Tiles of queries that see some of a block of keys, for each of the heads that share it.
struct Walk {
    int first, width, count;

    __device__ __forceinline__ Walk(const Sight& s, int row, int heads) {
        const int last_key = min(s.keys, row + ROWS) - 1;
        const int from = max(0, row - s.offset);
        const int last = row < s.sinks ? s.queries - 1 : min(s.queries - 1, last_key - s.offset + s.window - 1);
        first = from / WIDTH;
        width = last < from ? 0 : last / WIDTH - first + 1;
        count = width * heads;
    }

    __device__ __forceinline__ int at(int i) const { return (first + i % width) * WIDTH; }
    __device__ __forceinline__ int head(int i) const { return i / width; }
};
#else
struct Walk {
    KeyTiles<ROWS, WIDTH> tiles;
    int count;

    __device__ __forceinline__ Walk(const Sight& s, int row, int) : tiles(s, row), count(tiles.count) {}
    __device__ __forceinline__ int at(int i) const { return tiles[i] * WIDTH; }
    __device__ __forceinline__ int head(int) const { return 0; }
};
#endif

// Scores to weights; what sees a weight and what it is seen by are the tile's rows and columns, or the other way round.
template <bool HIDES> __device__ __forceinline__ void weigh(float (&x)[32], const Call& c, const float* norms, int mine, int at) {
#ifdef KEYS
    const Span seen[2] = {queries_of(c.sight, mine, at), queries_of(c.sight, mine + 8, at)};
#else
    const Span seen[2] = {keys_of(c.sight, mine, at), keys_of(c.sight, mine + 8, at)};
#endif
#ifdef SOFTMAX
    const float factor = c.scale * LOG2E;
#pragma unroll
    for (int i = 0; i < 32; i++)
        x[i] = exp2_fast(x[i] * factor - of_query(norms, c.sight, i, mine, at) * LOG2E);
#elif defined(SOFTPLUS)
#pragma unroll
    for (int i = 0; i < 32; i++)
        x[i] = softplus(x[i] * c.scale) * inverse(of_query(norms, c.sight, i, mine, at));
#else
    sigmoid(x, c);
#endif
    if (HIDES)
        hide(x, seen, 0);
}

// The gradients of the scores over the scale, from the weights x and the products y of values and output gradients.
__device__ __forceinline__ void differentiate(const float (&x)[32], float (&y)[32], const Sight& s, const float* norms, const float* delta, int mine, int at) {
#pragma unroll
    for (int i = 0; i < 32; i++) {
#ifdef SOFTMAX
        y[i] = x[i] * (y[i] - of_query(delta, s, i, mine, at));
#elif defined(SOFTPLUS)
        const float norm = of_query(norms, s, i, mine, at);
        y[i] = slope(x[i] * norm) * inverse(norm) * (y[i] - of_query(delta, s, i, mine, at));
#else
        y[i] *= x[i] - x[i] * x[i];
#endif
    }
}

__device__ __forceinline__ void produce(u32 base, const TensorMap* fixed, const TensorMap* fixed2, const TensorMap* walked, const TensorMap* walked2,
                                        const Walk& walk, int row, int slice, int other) {
    expect(base + FIXED_FULL, 2 * TILE);
    bring<128, PANELS>(base + SCORED, fixed, row, slice, base + FIXED_FULL);
    bring<128, PANELS>(base + VALUED, fixed2, row, slice, base + FIXED_FULL);
    for (int i = 0; i < walk.count; i++) {
        const int stage = i % COUNT;
        const u32 to = base + STAGES + stage * STAGE, full = base + FULL + stage * 8;
        if (i >= COUNT)
            wait(base + EMPTY + stage * 8, (i / COUNT - 1) & 1);
        expect(full, STAGE);
        bring<64, PANELS>(to, walked, walk.at(i), other + walk.head(i), full);
        bring<64, PANELS>(to + STREAM, walked2, walk.at(i), other + walk.head(i), full);
    }
}

__device__ __forceinline__ void consume(u32 base, const Call& call, const Walk& walk, int group, int row, int slice, int other,
                                        const float* norms, const float* delta, number* out, number* out2) {
    const int lane = threadIdx.x & 31, warp = (threadIdx.x >> 5) & 3, t2 = (lane & 3) * 2;
    const int first = row + group * 64, mine = first + warp * 16 + (lane >> 2);
    float acc[D / 2], x[32], y[32];
    u32 d[4][4];
#ifdef KEYS
    u32 p[4][4];
    float acc2[D / 2];
#pragma unroll
    for (int i = 0; i < D / 2; i++)
        acc2[i] = 0;
#endif
#pragma unroll
    for (int i = 0; i < D / 2; i++)
        acc[i] = 0;
    // Of the slice whose queries are walked.
    auto of_slice = [&](const float* from, int i) {
#ifdef KEYS
        return from + (size_t)(other + walk.head(i)) * call.sight.queries;
#else
        return from + (size_t)slice * call.sight.queries;
#endif
    };
    auto stage_of = [&](int i) { return base + STAGES + (i % COUNT) * STAGE; };
    auto score = [&](float (&c)[32], u32 fixed, u32 walked) {
        open_products();
#pragma unroll
        for (int j = 0; j < D / 16; j++)
            scores(c, matrix(fixed + (j >> 2) * PANEL + group * 64 * 128 + (j & 3) * 32), matrix(walked + (j >> 2) * STREAM_PANEL + (j & 3) * 32), j);
        close_products();
    };
    auto add = [&](float (&c)[D / 2], const u32 (&a)[4][4], u32 walked) {
        open_products();
#pragma unroll
        for (int j = 0; j < 4; j++)
            mix(c, a[j], matrix(walked + j * 2048, STREAM_PANEL));
        close_products();
    };
    auto activate = [&](int i) {
        const int at = walk.at(i);
#ifdef KEYS
        const bool all = call.sight.all_see(at, at + WIDTH - 1, first, first + 63);
#else
        const bool all = call.sight.all_see(first, first + 63, at, at + WIDTH - 1);
#endif
        if (all)
            weigh<false>(x, call, of_slice(norms, i), mine, at + t2);
        else
            weigh<true>(x, call, of_slice(norms, i), mine, at + t2);
    };

    wait(base + FIXED_FULL, 0);
    for (int i = 0; i < walk.count; i++) {
        const u32 stage = stage_of(i);
        wait(base + FULL + (i % COUNT) * 8, (i / COUNT) & 1);
        score(x, base + SCORED, stage);
        score(y, base + VALUED, stage + STREAM);
        wait_products<1>();
        settle(x);
        activate(i);
#ifdef KEYS
        pack_rows(p, x);
        add(acc2, p, stage + STREAM);
        wait_products<1>();
#else
        wait_products<0>();
#endif
        settle(y);
        differentiate(x, y, call.sight, of_slice(norms, i), of_slice(delta, i), mine, walk.at(i) + t2);
        pack_rows(d, y);
        add(acc, d, stage);
        wait_products<0>();
        settle(acc);
#ifdef KEYS
        settle(acc2);
#endif
        if (lane == 0)
            arrive(base + EMPTY + (i % COUNT) * 8);
    }
#ifdef KEYS
    const int rows = call.sight.keys;
    leave<128>(acc2, 1, 1, base + VALUED, group, out2 + (size_t)slice * rows * D, row, rows);
#else
    const int rows = call.sight.queries;
#endif
    leave<128>(acc, call.scale, call.scale, base + SCORED, group, out + (size_t)slice * rows * D, row, rows);
}

// q, out_gradient [slices, queries, D]; k, v [slices / shared, keys, D]; norms, delta [slices, queries]. Grid: blocks of 128 rows, slices of k or of q.
extern "C" __global__ void __launch_bounds__(CONSUMERS + PRODUCERS, 1) attend_gradient(
    const __grid_constant__ TensorMap fixed, const __grid_constant__ TensorMap fixed2, const __grid_constant__ TensorMap walked, const __grid_constant__ TensorMap walked2,
    const float* __restrict__ norms, const float* __restrict__ delta, number* __restrict__ out, number* __restrict__ out2,
    int queries, int keys, int offset, int window, int sinks, int shared, float scale, float bias) {
    extern __shared__ __align__(1024) unsigned char memory[];
    const u32 base = (shared_address(memory) + 1023) & ~1023u;
    const Call call = {{queries, keys, offset, window, sinks}, scale, bias};
    const int slice = blockIdx.y;
#ifdef KEYS
    const int row = blockIdx.x * ROWS, other = slice * shared;
#else
    const int row = (gridDim.x - 1 - blockIdx.x) * ROWS, other = slice / shared;
#endif
    const Walk walk(call.sight, row, shared);
    const int group = __shfl_sync(~0u, threadIdx.x / 128, 0);
    if (threadIdx.x == 0) {
        create(base + FIXED_FULL, 1);
        for (int i = 0; i < COUNT; i++) {
            create(base + FULL + i * 8, 1);
            create(base + EMPTY + i * 8, CONSUMERS / 32);
        }
        show_barriers();
    }
    __syncthreads();
    if (group == 2) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 24;");
        if (threadIdx.x == CONSUMERS)
            produce(base, &fixed, &fixed2, &walked, &walked2, walk, row, slice, other);
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 240;");
        consume(base, call, walk, group, row, slice, other, norms, delta, out, out2);
    }
}
