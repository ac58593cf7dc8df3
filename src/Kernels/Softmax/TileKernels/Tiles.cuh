// What the passes of attention in tiles share, by Hopper's warpgroup products.
//
// Macros: D, channels of a head (64 or 128); SOFTMAX, for e^(x - max) over its row's sum in place of the sigmoid, or SOFTPLUS, for ln(1 + e^x) over its
// row's sum; HALF, for float16 in place of bfloat16.
#pragma once
#include "Hopper.cuh"

constexpr int CONSUMERS = 256, PRODUCERS = 128;
constexpr int PANELS = D / 64;

// Which keys a query sees: the first `sinks`, and `window` of them up to its own place, which is `offset` keys on.
struct Sight {
    int queries, keys, offset, window, sinks;

    __device__ __forceinline__ bool all_see(int first_q, int last_q, int first_k, int last_k) const {
        return last_k < keys && last_q < queries && last_k <= first_q + offset && (first_k > last_q + offset - window || last_k < sinks);
    }
};

struct Call {
    Sight sight;
    float scale, bias;
};

// The columns of a tile that count for a row: [from, to], and those below `always`.
struct Span {
    int from, to, always;

    __device__ __forceinline__ bool has(int column) const { return column <= to && (column >= from || column < always); }
};

__device__ __forceinline__ Span keys_of(const Sight& s, int query, int first_key) {
    const int last = query < s.queries ? min(s.keys - 1, query + s.offset) : -1;
    return {query + s.offset - s.window + 1 - first_key, last - first_key, s.sinks - first_key};
}

__device__ __forceinline__ Span queries_of(const Sight& s, int key, int first_query) {
    const int last = key >= s.keys ? -1 : key < s.sinks ? s.queries - 1 : min(s.queries - 1, key - s.offset + s.window - 1);
    return {key - s.offset - first_query, last - first_query, -1};
}

// Tiles of keys that a block of queries sees, from its own place back, then those of the sinks alone.
template <int ROWS, int WIDTH> struct KeyTiles {
    int last, near, count;

    __device__ __forceinline__ KeyTiles(const Sight& s, int row) {
        const int latest = min(s.keys - 1, min(s.queries - 1, row + ROWS - 1) + s.offset);
        const int first = max(0, row + s.offset - s.window + 1) / WIDTH;
        last = latest < 0 ? -1 : latest / WIDTH;
        near = max(0, last - first + 1);
        const int far = min(first, (s.sinks + WIDTH - 1) / WIDTH);
        count = latest < 0 ? 0 : near + min(far, last + 1);
    }

    __device__ __forceinline__ int operator[](int i) const { return i < near ? last - i : count - 1 - i; }
};

#if defined(SOFTMAX) || defined(SOFTPLUS)
#define NORMED
#endif

#ifdef SOFTPLUS
// ln(1 + e^x). A logarithm of a number near one says little of how near: there a series takes its place.
__device__ __forceinline__ float softplus(float x) {
    const float u = exp2_fast(-fabsf(x) * LOG2E);
    return fmaxf(x, 0.f) + (u < 0x1p-6f ? u * (1 - u * (.5f - u * (1 / 3.f))) : __logf(1 + u));
}

// Its slope, of which the value w is enough: 1 - e^-w.
__device__ __forceinline__ float slope(float w) { return w < 0x1p-6f ? w * (1 - w * (.5f - w * (1 / 6.f))) : 1 - exp2_fast(-w * LOG2E); }
#endif

#if !defined(NORMED)
// Scores to 1 / (1 + 2^t); one division serves two numbers. Beyond 2^60 a weight is nothing to sums of such numbers, and their product stays finite.
template <int N> __device__ __forceinline__ void sigmoid(float (&s)[N], const Call& c) {
    const float slope = -c.scale * LOG2E, start = -c.bias * LOG2E;
#pragma unroll
    for (int i = 0; i < N; i += 2) {
        const float a = 1 + exp2_fast(fminf(s[i] * slope + start, 60.f)), b = 1 + exp2_fast(fminf(s[i + 1] * slope + start, 60.f));
        const float r = inverse(a * b);
        s[i] = r * b;
        s[i + 1] = r * a;
    }
}
#endif

// What a row does not see gets `nothing`; `seen` are the spans of a thread's two rows.
template <int N> __device__ __forceinline__ void hide(float (&s)[N], const Span (&seen)[2], float nothing) {
#pragma unroll
    for (int i = 0; i < N; i++)
        if (!seen[(i >> 1) & 1].has((i >> 2) * 8 + (i & 1)))
            s[i] = nothing;
}

// 64 rows by D in float32 to global memory, through the warpgroup's own part of shared memory, which nobody reads any more.
template <int ROWS> __device__ __forceinline__ void leave(float (&c)[D / 2], float low, float high, u32 memory, int group, number* to, int row, int rows) {
    const int lane = threadIdx.x & 31, warp = (threadIdx.x >> 5) & 3, g = lane >> 2, t2 = (lane & 3) * 2;
    asm volatile("bar.sync %0, 128;" :: "r"(2 + group) : "memory");
#pragma unroll
    for (int n = 0; n < D / 8; n++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const float f = half ? high : low;
            const u32 at = place(memory + (n >> 3) * ROWS * 128, group * 64 + warp * 16 + g + half * 8, n & 7) + t2 * 2;
            asm volatile("st.shared.b32 [%0], %1;" :: "r"(at), "r"(pack(c[4 * n + 2 * half] * f, c[4 * n + 2 * half + 1] * f)));
        }
    __syncwarp();
#pragma unroll
    for (int i = 0; i < D / 16; i++) {
        const int piece = (lane + 32 * i) % (D / 8), r = group * 64 + warp * 16 + (lane + 32 * i) / (D / 8);
        if (row + r < rows) {
            u32 x[4];
            asm volatile("ld.shared.v4.b32 {%0,%1,%2,%3}, [%4];" : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "r"(place(memory + (piece >> 3) * ROWS * 128, r, piece & 7)));
            *(uint4*)(to + (size_t)(row + r) * D + piece * 8) = make_uint4(x[0], x[1], x[2], x[3]);
        }
    }
}
