// Causal linear attention with one fixed decay a head, as FixedDecay.cu, by Hopper's warpgroup products (sm_90a) for 128 channels of q and k.
// Two warpgroups share a chunk of 128 tokens, 64 queries and 64 rows of the state each, while a third brings in the next one; all operands lie
// in shared memory in rows of 128 bytes, swizzled as the tensor cores read them.

#include "Hopper.cuh"

constexpr int CHUNK = 128, D = 128, DV = 64, CONSUMERS = 256, PRODUCERS = 128;
constexpr int PANEL = CHUNK * 128;                   // bytes of 128 rows by 64 channels
constexpr int STAGE = 6 * PANEL;                     // q, k two each, v, v weighted for the state
constexpr int STATE = 2 * STAGE;                     // two, of which one is read while the other is written
constexpr int BARRIERS = STATE + 2 * PANEL;          // full and empty, one of each a stage

// Where a block is: one head, 64 of its value channels, one segment of its tokens.
struct Place {
    int head, first_value, segment, begin, end, chunks;
    float l2;

    __device__ __forceinline__ Place(const float* log_decay, int decays, int tokens, int length)
        : head(blockIdx.y), first_value(blockIdx.x * DV), segment(blockIdx.z), begin(segment * length), end(min(tokens, begin + length)),
          chunks((end - begin + CHUNK - 1) / CHUNK), l2(log2_decay(log_decay[head % decays])) {}
};

// Brings the chunks in, and weights v by what is left of a token at the end of its chunk.
__device__ __forceinline__ void produce(u32 base, Place at, const number* q, const number* k, const number* v, int tokens, int values, int reverse) {
    const int thread = threadIdx.x - CONSUMERS;
    q += (size_t)at.head * tokens * D;
    k += (size_t)at.head * tokens * D;
    v += (size_t)at.head * tokens * values + at.first_value;
    const int piece = thread & 7, first = thread >> 3;  // rows first, first + 16, ...

    auto fetch = [&](int chunk) {
        const u32 stage = base + (chunk & 1) * STAGE;
        const u32 to = place(stage, first, piece);  // rows 16 apart are swizzled alike
        for (int i = 0; i < CHUNK / 16; i++) {
            const int scan = at.begin + chunk * CHUNK + first + 16 * i;
            const bool there = scan < at.end;
            const size_t token = there ? (reverse ? tokens - 1 - scan : scan) : 0;
            const number *qt = q + token * D + piece * 8, *kt = k + token * D + piece * 8;
            copy16(to + i * 2048, qt, there);
            copy16(to + i * 2048 + PANEL, qt + 64, there);
            copy16(to + i * 2048 + 2 * PANEL, kt, there);
            copy16(to + i * 2048 + 3 * PANEL, kt + 64, there);
            copy16(to + i * 2048 + 4 * PANEL, v + token * values + piece * 8, there);
        }
        asm volatile("cp.async.commit_group;");
    };
    auto weight = [&](int chunk) {
        const int there = min(CHUNK, at.end - at.begin - chunk * CHUNK);
        const u32 from = place(base + (chunk & 1) * STAGE + 4 * PANEL, first, piece);
        for (int i = 0; i < CHUNK / 16; i++) {
            const float w = power(at.l2, max(0, there - 1 - first - 16 * i));
            u32 x[4];
            asm volatile("ld.shared.v4.b32 {%0,%1,%2,%3}, [%4];" : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "r"(from + i * 2048));
            for (int j = 0; j < 4; j++)
                x[j] = pack(__uint_as_float(x[j] << 16) * w, __uint_as_float(x[j] & 0xffff0000u) * w);
            asm volatile("st.shared.v4.b32 [%0], {%1,%2,%3,%4};" :: "r"(from + i * 2048 + PANEL), "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]));
        }
    };

    fetch(0);
    for (int chunk = 0; chunk < at.chunks; chunk++) {
        // A thread weights the pieces that it has fetched itself.
        asm volatile("cp.async.wait_group 0;" ::: "memory");
        weight(chunk);
        show_engines();
        arrive(base + BARRIERS + (chunk & 1) * 8);
        if (chunk + 1 == at.chunks)
            break;
        if (chunk >= 1)
            wait(base + BARRIERS + 16 + ((chunk + 1) & 1) * 8, ((chunk - 1) >> 1) & 1);
        fetch(chunk + 1);
    }
}

// One of the two warpgroups that compute. Compiled once for each, for the products may not stand in a branch.
template <int GROUP> __device__ __forceinline__ void consume(
    u32 base, Place at, const float* initial, number* out, float* final, int tokens, int values, int reverse, int late, float scale) {
    const int lane = threadIdx.x & 31, warp = (threadIdx.x >> 5) & 3, g = lane >> 2, t2 = (lane & 3) * 2;
    const int rows = GROUP * 4 + warp, first = rows * 16 + g;  // the warp's 16 rows of queries, of the state, and the thread's first one
    const float l2 = at.l2;
    out += (size_t)at.head * tokens * values + at.first_value;
    float state[32];
    {
        const float* from = initial ? initial + ((size_t)at.head * gridDim.z + at.segment) * D * values + at.first_value : nullptr;
#pragma unroll
        for (int i = 0; i < 32; i++)
            state[i] = from ? from[(size_t)(first + ((i >> 1) & 1) * 8) * values + (i >> 2) * 8 + t2 + (i & 1)] : 0.f;
    }
    auto store_rows = [&](u32 panel, const float (&c)[32], float factor) {
#pragma unroll
        for (int n = 0; n < 8; n++)
#pragma unroll
            for (int half = 0; half < 2; half++)
                asm volatile("st.shared.b32 [%0], %1;" :: "r"(place(panel, first + half * 8, n) + t2 * 2), "r"(pack(c[4 * n + 2 * half] * factor, c[4 * n + 2 * half + 1] * factor)));
    };

    // Powers of the decay that no chunk changes. Every exponent is at least 0.
    const float step = power(l2, 16);
    float column[4], diagonal[2][4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        column[i] = power(l2, 15 - (t2 + (i & 1) + (i >> 1) * 8));
#pragma unroll
        for (int n = 0; n < 2; n++) {
            const int r = g + (i >> 1) * 8, j = n * 8 + t2 + (i & 1);
            diagonal[n][i] = r >= j ? power(l2, r - j) : 0.f;
        }
    }
    const float first_row[2] = {power(l2, g + 1), power(l2, g + 9)};
    store_rows(base + STATE, state, 1);
    show_engines();

    for (int chunk = 0; chunk < at.chunks; chunk++) {
        const u32 qs = base + (chunk & 1) * STAGE, ks = qs + 2 * PANEL, vs = qs + 4 * PANEL, state_now = base + STATE + (chunk & 1) * PANEL;
        const int there = min(CHUNK, at.end - at.begin - chunk * CHUNK), sooner = late && chunk == 0 && at.segment == 0 ? 1 : 0;
        wait(base + BARRIERS + (chunk & 1) * 8, (chunk >> 1) & 1);
        consumers_meet();

        float o[32], p0[32], p1[32];  // p1 is the second warpgroup's alone: no query of the first sees the later keys
        open_products();
#pragma unroll
        for (int s = 0; s < 8; s++) {
            const u64 a = matrix(qs + (s >> 2) * PANEL + GROUP * 64 * 128 + (s & 3) * 32);
            multiply<0, 0>(p0, a, matrix(ks + (s >> 2) * PANEL + (s & 3) * 32), s);
        }
        if constexpr (GROUP == 1) {
#pragma unroll
            for (int s = 0; s < 8; s++) {
                const u64 a = matrix(qs + (s >> 2) * PANEL + GROUP * 64 * 128 + (s & 3) * 32);
                multiply<0, 0>(p1, a, matrix(ks + (s >> 2) * PANEL + 64 * 128 + (s & 3) * 32), s);
            }
        }
#pragma unroll
        for (int s = 0; s < 8; s++)
            multiply<0, 1>(o, matrix(qs + (s >> 2) * PANEL + GROUP * 64 * 128 + (s & 3) * 32), matrix(state_now + s * 2048), s);
        close_products();

        const float kept = power(l2, there - sooner);
#pragma unroll
        for (int i = 0; i < 32; i++)
            state[i] *= kept;
        settle(state);
        open_products();
#pragma unroll
        for (int s = 0; s < 8; s++)
            multiply<1, 1>(state, matrix(ks + GROUP * PANEL + s * 2048), matrix(vs + PANEL + s * 2048), 1);
        close_products();

        wait_products<1>();
        settle(o);
        settle(p0);
        if constexpr (GROUP == 1)
            settle(p1);
        const float from_state[2] = {power(l2, first + 1 - sooner), power(l2, first + 9 - sooner)};
#pragma unroll
        for (int i = 0; i < 32; i++)
            o[i] *= from_state[(i >> 1) & 1];
        u32 pf[8][4];
        float row[2] = {first_row[0], first_row[1]};
#pragma unroll
        for (int b = 4 * GROUP + 3; b >= 0; b--) {
            const int n = (b & 3) * 8;  // two tiles of 8 keys, 4 numbers each
            float x[8];
#pragma unroll
            for (int i = 0; i < 8; i++) {
                const float w = b == rows ? diagonal[i >> 2][i & 3] : b < rows ? row[(i >> 1) & 1] * column[(i >> 2) * 2 + (i & 1)] : 0.f;
                x[i] = b > rows ? 0.f : (b >= 4 ? p1[n + i] : p0[n + i]) * w;
            }
            if (b < rows) {
                row[0] *= step;
                row[1] *= step;
            }
#pragma unroll
            for (int i = 0; i < 4; i++)
                pf[b][i] = pack(x[2 * i], x[2 * i + 1]);
        }
        settle(o);
        open_products();
#pragma unroll
        for (int s = 0; s < 4; s++)
            mix(o, pf[s], matrix(vs + s * 2048));
        if constexpr (GROUP == 1) {
#pragma unroll
            for (int s = 4; s < 8; s++)
                mix(o, pf[s], matrix(vs + s * 2048));
        }
        close_products();
        wait_products<0>();
        settle(o);
        settle(state);

        // The warpgroup's queries are read: the output goes through their place, to leave in whole rows.
        asm volatile("bar.sync %0, 128;" :: "n"(3 + GROUP) : "memory");
        store_rows(base + STATE + ((chunk + 1) & 1) * PANEL, state, 1);
        show_engines();
        store_rows(qs, o, scale);
        __syncwarp();
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const int r = rows * 16 + (lane + 32 * i) / 8, piece = lane & 7, scan = at.begin + chunk * CHUNK + r;
            if (scan < at.end) {
                u32 x[4];
                asm volatile("ld.shared.v4.b32 {%0,%1,%2,%3}, [%4];" : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "r"(place(qs, r, piece)));
                const size_t token = reverse ? tokens - 1 - scan : scan;
                *(uint4*)(out + token * values + piece * 8) = make_uint4(x[0], x[1], x[2], x[3]);
            }
        }
        arrive(base + BARRIERS + 16 + (chunk & 1) * 8);
    }

    if (final && at.segment == gridDim.z - 1) {
        float* to = final + (size_t)at.head * D * values + at.first_value;
#pragma unroll
        for (int i = 0; i < 32; i++)
            to[(size_t)(first + ((i >> 1) & 1) * 8) * values + (i >> 2) * 8 + t2 + (i & 1)] = state[i];
    }
}

// Arguments as in FixedDecay.cu.
extern "C" __global__ void __launch_bounds__(CONSUMERS + PRODUCERS, 1) fixed_decay(
    const number* __restrict__ q, const number* __restrict__ k, const number* __restrict__ v, const float* __restrict__ log_decay, const float* __restrict__ initial,
    number* __restrict__ out, float* __restrict__ final, int decays, int tokens, int values, int length, int reverse, int late, float scale) {
    extern __shared__ __align__(1024) unsigned char memory[];
    const u32 base = (shared_address(memory) + 1023) & ~1023u;
    const Place at(log_decay, decays, tokens, length);
    if (threadIdx.x == 0)
        for (int i = 0; i < 4; i++)
            create(base + BARRIERS + i * 8, i < 2 ? PRODUCERS : CONSUMERS);
    __syncthreads();
    // As a warp has it, or the compiler takes the branch for one that warps may part at, and lets no products run beside each other.
    const int group = __shfl_sync(~0u, threadIdx.x / 128, 0);
    if (group == 2) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 56;");
        produce(base, at, q, k, v, tokens, values, reverse);
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 224;");
        if (group == 0)
            consume<0>(base, at, initial, out, final, tokens, values, reverse, late, scale);
        else
            consume<1>(base, at, initial, out, final, tokens, values, reverse, late, scale);
    }
}
