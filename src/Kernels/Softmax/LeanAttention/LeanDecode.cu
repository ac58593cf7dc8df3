// One new query of each head against the keys it has, out = softmax(scale * q kT) v, in equal shares (stream-K): the tiles of all sequences and heads
// lie in one row, and every block takes as many of them as the others. Query heads that share keys are rows of one tile, so keys are read once. What a
// head's blocks found is put together by the one that comes last.
//
// Macros: D, channels of a head (64 or 128); WARPS, each of which has 16 keys of a tile; HALF, for float16 in place of bfloat16.

#include "Warp.cuh"

constexpr int STAGES = 2, WARP_KEYS = 16, TILE = WARPS * WARP_KEYS, ROWS = 16;
constexpr int PART = WARP_KEYS * D * 2, STAGE = 2 * PART;  // k and v of a warp
constexpr int SUMS = WARPS * STAGES * STAGE;               // each warp's sums, [ROWS][D] in float32, then its largest scores and their weights
// The sequences of a call: where their tiles begin in the row of all, and how many keys they have.
struct Sequences { int begin[129], length[128]; };

// An output is a sequence's group of heads, `groups` of them a sequence.
struct Plan {
    const Sequences& sequences;
    int groups, window, sinks;

    __device__ __forceinline__ int length(int output) const { return sequences.length[output / groups]; }

    __device__ __forceinline__ int start(int output) const {
        const int s = output / groups, begin = sequences.begin[s];
        return output % groups == 0 ? begin : begin + (sequences.begin[s + 1] - begin) / groups * (output % groups);
    }

    __device__ __forceinline__ int output(int tile) const {
        int s = 0;
        while (tile >= sequences.begin[s + 1])
            s++;
        return s * groups + (tile - sequences.begin[s]) / ((sequences.begin[s + 1] - sequences.begin[s]) / groups);
    }

    // The first key of a tile of an output: those in the window, then those of the sinks alone.
    __device__ __forceinline__ int key(int n, int tile) const {
        const int first = max(0, n - window) / TILE, near = (n + TILE - 1) / TILE - first;
        return (tile < near ? first + tile : tile - near) * TILE;
    }
};

// How the row is shared: block b has tiles [begin(b), begin(b + 1)).
struct Shares {
    int each, more;

    __device__ __forceinline__ int begin(int block) const { return block * each + min(block, more); }
    __device__ __forceinline__ int owner(int tile) const { return tile < (each + 1) * more ? tile / (each + 1) : (tile - (each + 1) * more) / each + more; }
};

// q, out [outputs, rows, D]; k, v [outputs, capacity, D]; lse [outputs, rows]; partials [2 * blocks, rows, D + 2]; arrived [outputs], zeros, and left so.
extern "C" __global__ void __launch_bounds__(WARPS * 32, 1) decode(
    const number* __restrict__ q, const number* __restrict__ k, const number* __restrict__ v, number* __restrict__ out, float* __restrict__ lse,
    float* __restrict__ partials, int* __restrict__ arrived, const __grid_constant__ Sequences sequences, int count, int groups, int rows, int capacity, int window, int sinks, float scale) {
    extern __shared__ __align__(128) unsigned char memory[];
    __shared__ int last_to_come;
    const Plan plan = {sequences, groups, window, sinks};
    const int total = sequences.begin[count];
    const Shares shares = {total / (int)gridDim.x, total % (int)gridDim.x};
    const int begin = shares.begin(blockIdx.x), end = shares.begin(blockIdx.x + 1);
    const int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, g = lane >> 2, t2 = (lane & 3) * 2;
    const u32 ring = shared_address(memory) + warp * STAGES * STAGE;
    float* sums = (float*)(memory + SUMS);
    float* stats = sums + WARPS * ROWS * D;

    int output = plan.output(begin);
    int coming = output;
    auto fetch = [&](int tile) {
        if (tile < end) {
            while (tile >= plan.start(coming + 1))
                coming++;
            const int n = plan.length(coming), key = plan.key(n, tile - plan.start(coming)) + warp * WARP_KEYS;
            const u32 to = ring + ((tile - begin) % STAGES) * STAGE;
            const number *kt = k + ((size_t)coming * capacity + key) * D, *vt = v + ((size_t)coming * capacity + key) * D;
#pragma unroll
            for (int i = 0; i < WARP_KEYS * D / 8 / 32; i++) {
                const int row = (lane + 32 * i) / (D / 8), piece = (lane + 32 * i) % (D / 8);
                const bool there = key + row < n;
                const size_t at = there ? row * D + piece * 8 : 0;
                copy16(place<D>(to, row, piece), there ? kt + at : k, there);
                copy16(place<D>(to + PART, row, piece), there ? vt + at : v, there);
            }
        }
        asm volatile("cp.async.commit_group;");
    };
    fetch(begin);

    const float factor = scale * LOG2E;
    for (int tile = begin; tile < end; output++) {
        const int first = plan.start(output), after = plan.start(output + 1), until = min(end, after), n = plan.length(output), segment = tile;
        u32 qf[D / 16][4];
#pragma unroll
        for (int j = 0; j < D / 16; j++)
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int row = g + (i & 1) * 8, channel = j * 16 + t2 + (i >> 1) * 8;
                qf[j][i] = row < rows ? *(const u32*)(q + ((size_t)output * rows + row) * D + channel) : 0;
            }
        float o[D / 8][4] = {}, largest[2] = {-INFINITE, -INFINITE}, sum[2] = {};
        for (; tile < until; tile++) {
            fetch(tile + 1);
            asm volatile("cp.async.wait_group 1;" ::: "memory");
            __syncwarp();
            const u32 ks = ring + ((tile - begin) % STAGES) * STAGE, vs = ks + PART;
            const int key = plan.key(n, tile - first) + warp * WARP_KEYS;
            float s[2][4] = {};
#pragma unroll
            for (int j = 0; j < D / 16; j++) {
                u32 b[4];
                load4(b, place<D>(ks, (lane & 7) + (lane >> 4) * 8, j * 2 + ((lane >> 3) & 1)));
                multiply(s[0], qf[j], b[0], b[1]);
                multiply(s[1], qf[j], b[2], b[3]);
            }
#pragma unroll
            for (int i = 0; i < 8; i++) {
                const int at = key + (i >> 2) * 8 + t2 + (i & 1);
                if (!(at < n && (at >= n - window || at < sinks)))
                    s[i >> 2][i & 3] = -INFINITE;
            }
            float base[2];
#pragma unroll
            for (int half = 0; half < 2; half++) {
                float most = fmaxf(fmaxf(s[0][2 * half], s[0][2 * half + 1]), fmaxf(s[1][2 * half], s[1][2 * half + 1]));
                most = fmaxf(most, __shfl_xor_sync(~0u, most, 1));
                most = fmaxf(most, __shfl_xor_sync(~0u, most, 2));
                most = fmaxf(most, largest[half]);
                base[half] = most == -INFINITE ? 0.f : most * factor;
                const float kept = exp2_fast(largest[half] * factor - base[half]);
                if (__any_sync(~0u, kept != 1)) {
                    sum[half] *= kept;
#pragma unroll
                    for (int j = 0; j < D / 8; j++) {
                        o[j][2 * half] *= kept;
                        o[j][2 * half + 1] *= kept;
                    }
                }
                largest[half] = most;
            }
            u32 p[4];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int half = i & 1;
                const float low = exp2_fast(s[i >> 1][2 * half] * factor - base[half]), high = exp2_fast(s[i >> 1][2 * half + 1] * factor - base[half]);
                sum[half] += low + high;
                p[i] = pack(low, high);
            }
#pragma unroll
            for (int j = 0; j < D / 16; j++) {
                u32 b[4];
                load4_transposed(b, place<D>(vs, lane & 15, j * 2 + (lane >> 4)));
                multiply(o[2 * j], p, b[0], b[1]);
                multiply(o[2 * j + 1], p, b[2], b[3]);
            }
            __syncwarp();
        }

        // The warps' sums become the block's.
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int row = g + half * 8;
            sum[half] += __shfl_xor_sync(~0u, sum[half], 1);
            sum[half] += __shfl_xor_sync(~0u, sum[half], 2);
            if (row < rows) {
                if (t2 == 0) {
                    stats[(warp * ROWS + row) * 2] = largest[half];
                    stats[(warp * ROWS + row) * 2 + 1] = sum[half];
                }
#pragma unroll
                for (int j = 0; j < D / 8; j++) {
                    sums[(warp * ROWS + row) * D + j * 8 + t2] = o[j][2 * half];
                    sums[(warp * ROWS + row) * D + j * 8 + t2 + 1] = o[j][2 * half + 1];
                }
            }
        }
        __syncthreads();
        const int from = shares.owner(first), to = shares.owner(after - 1);
        const bool whole = from == to;
        float* mine = partials + (size_t)(2 * blockIdx.x + (segment != begin)) * rows * (D + 2);
        for (int i = threadIdx.x; i < rows * D; i += WARPS * 32) {
            const int row = i / D, channel = i % D;
            float most = -INFINITE, weight = 0, value = 0;
            for (int w = 0; w < WARPS; w++)
                most = fmaxf(most, stats[(w * ROWS + row) * 2]);
            for (int w = 0; w < WARPS; w++) {
                const float kept = most == -INFINITE ? 0.f : exp2_fast((stats[(w * ROWS + row) * 2] - most) * factor);
                weight += kept * stats[(w * ROWS + row) * 2 + 1];
                value += kept * sums[(w * ROWS + row) * D + channel];
            }
            if (whole) {
                out[((size_t)output * rows + row) * D + channel] = (number)pack(value / weight, 0);
                if (channel == 0)
                    lse[(size_t)output * rows + row] = most * scale + __logf(weight);
            } else {
                mine[row * (D + 2) + channel] = value;
                if (channel == 0) {
                    mine[row * (D + 2) + D] = most;
                    mine[row * (D + 2) + D + 1] = weight;
                }
            }
        }
        if (!whole) {
            __threadfence();
            __syncthreads();
            if (threadIdx.x == 0)
                last_to_come = atomicAdd(arrived + output, 1) == to - from;
            __syncthreads();
            if (last_to_come) {
                __threadfence();
                if (threadIdx.x == 0)
                    arrived[output] = 0;
                auto theirs = [&](int i, int row) { return partials + ((size_t)(2 * (from + i) + (shares.begin(from + i) < first)) * rows + row) * (D + 2); };
                const int count = to - from + 1;
                for (int i = threadIdx.x; i < count * rows; i += WARPS * 32) {
                    sums[2 * i] = __ldcg(theirs(i / rows, i % rows) + D);
                    sums[2 * i + 1] = __ldcg(theirs(i / rows, i % rows) + D + 1);
                }
                __syncthreads();
                for (int i = threadIdx.x; i < rows * D; i += WARPS * 32) {
                    const int row = i / D, channel = i % D;
                    float most = -INFINITE, weight = 0, value = 0;
                    for (int b = 0; b < count; b++)
                        most = fmaxf(most, sums[2 * (b * rows + row)]);
                    // In the blocks' order, so that a call gives the same numbers again.
#pragma unroll 8
                    for (int b = 0; b < count; b++) {
                        const float kept = exp2_fast((sums[2 * (b * rows + row)] - most) * factor);
                        weight += kept * sums[2 * (b * rows + row) + 1];
                        value += kept * __ldcg(theirs(b, row) + channel);
                    }
                    out[((size_t)output * rows + row) * D + channel] = (number)pack(value / weight, 0);
                    if (channel == 0)
                        lse[(size_t)output * rows + row] = most * scale + __logf(weight);
                }
            }
        }
        __syncthreads();
    }
}
