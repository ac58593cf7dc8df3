// The products of gated linear attention, on operands that GatedWeighting.cu has weighted: inside a piece plain causal linear attention,
// out = (q kT, causal) v + q S, and the state S decays by channel in two equal steps, before a piece and after it. By Hopper's warpgroup products
// (sm_90a): two warpgroups share a piece of up to 128 tokens, 64 queries and 64 rows of the state each, while a third brings in the next one.
//
// Macros: COLUMNS, where the gates are of the value channels, and sums leave as float32 (as the gradients of q and k need it; otherwise they are of the
// state's rows, and numbers leave); STATES_ONLY, where only the state is wanted.

#include "GatedTile.cuh"
#include "Hopper.cuh"

constexpr int D = 128, DV = 64, CONSUMERS = 256, PRODUCERS = 128;
constexpr int PANEL = TILE * 128;                    // bytes of 128 rows by 64 channels
#ifdef STATES_ONLY
constexpr int KEYS = 0;
#else
constexpr int KEYS = 2 * PANEL;                      // behind the queries
#endif
constexpr int VALUES = KEYS + 2 * PANEL, STAGE = VALUES + PANEL;
constexpr int STATE = 2 * STAGE;                     // two, of which one is read while the other is written
#if defined(COLUMNS) && !defined(STATES_ONLY)
#define MEETS                                        // what a tile's last state has to do with the loss is found on the way back
constexpr int KEPT = STATE + 2 * PANEL;              // that state, one a stage
constexpr int SCALES = KEPT + 2 * PANEL;             // by channel, one set a stage
#else
constexpr int SCALES = STATE + 2 * PANEL;
#endif
constexpr int STEPS = SCALES + 2 * D * 4;             // a stage's first token, its tokens, and whether it is the last
constexpr int BARRIERS = STEPS + 2 * 16;             // full and empty, one of each a stage

__device__ __forceinline__ float shared_float(u32 address) {
    float x;
    asm volatile("ld.shared.f32 %0, [%1];" : "=f"(x) : "r"(address));
    return x;
}

// Brings the pieces in, with what the state is to be scaled by.
__device__ __forceinline__ void produce(
    u32 base, const number* q, const number* k, const number* v, Gates gates, const float* totals, const int* pieces, const uint4* states, int tokens, int values,
    int length, int reverse) {
    const int thread = threadIdx.x - CONSUMERS, slice = blockIdx.y, tiles = (tokens + TILE - 1) / TILE;
    const int begin = blockIdx.z * length, end = min(tiles, begin + length);
    const int place16 = thread & 7, first = thread >> 3;  // rows first, first + 16, ...
    q += (size_t)slice * tokens * D;
    k += (size_t)slice * tokens * D;
    v += (size_t)slice * tokens * values + blockIdx.x * DV;
    totals += (size_t)slice * tiles * D + thread;
    pieces += (size_t)slice * tiles;

    int step = 0;
    for (int scan = begin; scan < end; scan++) {
        const int tile = reverse ? tiles - 1 - scan : scan, there = min(TILE, tokens - tile * TILE);
        const int piece = pieces[tile], parts = (there + piece - 1) / piece;
        const float total = totals[(size_t)tile * D];
        for (int part = 0; part < parts; part++, step++) {
            const int token = tile * TILE + (reverse ? parts - 1 - part : part) * piece, count = min(piece, tile * TILE + there - token);
            const u32 stage = base + (step & 1) * STAGE, full = base + BARRIERS + (step & 1) * 8;
            float half = total * .5f;
            if (piece < TILE) {
                half = 0;
                for (int i = 0; i < count && thread < (gates.dim ? gates.dim : D); i++)
                    half += gates.one((size_t)slice * tokens + token + i, thread) * .5f;
            }
            if (step >= 2)
                wait(full + 16, ((step - 2) >> 1) & 1);
            const u32 to = place(stage, first, place16);  // rows 16 apart are swizzled alike
            for (int i = 0; i < TILE / 16; i++) {
                const int row = first + 16 * i;
                const bool here = row < count;
                const size_t at = here ? (reverse ? token + count - 1 - row : token + row) : 0;
#ifndef STATES_ONLY
                copy16(to + i * 2048, q + at * D + place16 * 8, here);
                copy16(to + i * 2048 + PANEL, q + at * D + place16 * 8 + 64, here);
#endif
                copy16(to + i * 2048 + KEYS, k + at * D + place16 * 8, here);
                copy16(to + i * 2048 + KEYS + PANEL, k + at * D + place16 * 8 + 64, here);
                copy16(to + i * 2048 + VALUES, v + at * values + place16 * 8, here);
            }
#ifdef MEETS
            if (reverse && part == 0)
                for (int i = thread; i < PANEL / 16; i += PRODUCERS)
                    copy16(base + KEPT + (step & 1) * PANEL + i * 16, states + (((size_t)slice * tiles + tile) * gridDim.x + blockIdx.x) * (PANEL / 16) + i, true);
#endif
            asm volatile("cp.async.commit_group;");
            asm volatile("st.shared.f32 [%0], %1;" :: "r"(base + SCALES + ((step & 1) * D + thread) * 4), "f"(exp2_fast(half)));
            if (thread == 0)
                asm volatile("st.shared.v4.b32 [%0], {%1, %2, %3, %3};" :: "r"(base + STEPS + (step & 1) * 16), "r"(token), "r"(count), "r"(scan + 1 == end && part + 1 == parts ? 1 : 0));
            asm volatile("cp.async.wait_group 0;" ::: "memory");
            show_engines();
            arrive(full);
        }
    }
}

// One of the two warpgroups that compute. Compiled once for each, for the products may not stand in a branch.
template <int HALF_OF> __device__ __forceinline__ void consume(
    u32 base, const float* initial, void* out, float* final, uint4* states, float* met, int tokens, int values, int reverse) {
    const int lane = threadIdx.x & 31, warp = (threadIdx.x >> 5) & 3, g = lane >> 2, t2 = (lane & 3) * 2;
    const int rows = HALF_OF * 4 + warp, first = rows * 16 + g;  // the warp's 16 rows of queries, of the state, and the thread's first one
    const size_t slice = blockIdx.y;
    float state[32];
    {
        const float* from = initial ? initial + (slice * gridDim.z + blockIdx.z) * D * values + blockIdx.x * DV : nullptr;
#pragma unroll
        for (int i = 0; i < 32; i++)
            state[i] = from ? from[(size_t)(first + ((i >> 1) & 1) * 8) * values + (i >> 2) * 8 + t2 + (i & 1)] : 0.f;
    }
    auto store_rows = [&](u32 panel, const float (&c)[32]) {
#pragma unroll
        for (int n = 0; n < 8; n++)
#pragma unroll
            for (int half = 0; half < 2; half++)
                asm volatile("st.shared.b32 [%0], %1;" :: "r"(place(panel, first + half * 8, n) + t2 * 2), "r"(pack(c[4 * n + 2 * half], c[4 * n + 2 * half + 1])));
    };
    auto decay = [&](int stage) {
        const u32 scales = base + SCALES + stage * D * 4;
#ifdef COLUMNS
#pragma unroll
        for (int n = 0; n < 8; n++) {
            const float by[2] = {shared_float(scales + (blockIdx.x * DV + n * 8 + t2) * 4), shared_float(scales + (blockIdx.x * DV + n * 8 + t2 + 1) * 4)};
#pragma unroll
            for (int i = 0; i < 4; i++)
                state[4 * n + i] *= by[i & 1];
        }
#else
        const float by[2] = {shared_float(scales + first * 4), shared_float(scales + first * 4 + 32)};
#pragma unroll
        for (int i = 0; i < 32; i++)
            state[i] *= by[(i >> 1) & 1];
#endif
    };

#ifdef MEETS
    // The products of the state that the other direction left after this tile, before it was scaled, and of this one, its gradient, as numbers: what the
    // tile's own keys have of both is then what their gradients have, and cancels.
    auto meet = [&](int stage) {
        u32 token, count, last, unused;
        asm volatile("ld.shared.v4.b32 {%0, %1, %2, %3}, [%4];" : "=r"(token), "=r"(count), "=r"(last), "=r"(unused) : "r"(base + STEPS + stage * 16));
        if (token + count != tokens && (token + count) % TILE != 0)
            return;
        float* row = met + ((slice * ((tokens + TILE - 1) / TILE) + token / TILE) * 8 + rows) * D + blockIdx.x * DV;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            u32 x[4], y[4];
            asm volatile("ld.shared.v4.b32 {%0, %1, %2, %3}, [%4];" : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "r"(base + KEPT + stage * PANEL + (i * CONSUMERS + threadIdx.x) * 16));
#pragma unroll
            for (int j = 0; j < 4; j++)
                y[j] = pack(state[8 * i + 2 * j], state[8 * i + 2 * j + 1]);
            float sum[4] = {
                low(x[0]) * low(y[0]) + low(x[1]) * low(y[1]), high(x[0]) * high(y[0]) + high(x[1]) * high(y[1]),
                low(x[2]) * low(y[2]) + low(x[3]) * low(y[3]), high(x[2]) * high(y[2]) + high(x[3]) * high(y[3])};
#pragma unroll
            for (int j = 0; j < 4; j++)
                for (int lanes = 4; lanes < 32; lanes *= 2)
                    sum[j] += __shfl_xor_sync(~0u, sum[j], lanes);
            if (g == 0) {
                *(float2*)(row + i * 16 + t2) = make_float2(sum[0], sum[1]);
                *(float2*)(row + i * 16 + 8 + t2) = make_float2(sum[2], sum[3]);
            }
        }
    };
#endif

    wait(base + BARRIERS, 0);
    decay(0);
#ifdef MEETS
    if (reverse)
        meet(0);
#endif
#ifndef STATES_ONLY
    store_rows(base + STATE, state);
    show_engines();
#endif
    for (int step = 0;; step++) {
        const int stage = step & 1;
        const u32 qs = base + stage * STAGE, ks = qs + KEYS, vs = qs + VALUES;
        u32 token, count, last, unused;
        asm volatile("ld.shared.v4.b32 {%0, %1, %2, %3}, [%4];" : "=r"(token), "=r"(count), "=r"(last), "=r"(unused) : "r"(base + STEPS + stage * 16));
#ifndef STATES_ONLY
        const u32 state_now = base + STATE + stage * PANEL;
        consumers_meet();
        float o[32], p0[32], p1[32];  // p1 is the second warpgroup's alone: no query of the first sees the later keys
        open_products();
#pragma unroll
        for (int s = 0; s < 8; s++)
            multiply<0, 0>(p0, matrix(qs + (s >> 2) * PANEL + HALF_OF * 64 * 128 + (s & 3) * 32), matrix(ks + (s >> 2) * PANEL + (s & 3) * 32), s);
        if constexpr (HALF_OF == 1) {
#pragma unroll
            for (int s = 0; s < 8; s++)
                multiply<0, 0>(p1, matrix(qs + (s >> 2) * PANEL + 64 * 128 + (s & 3) * 32), matrix(ks + (s >> 2) * PANEL + 64 * 128 + (s & 3) * 32), s);
        }
#pragma unroll
        for (int s = 0; s < 8; s++)
            multiply<0, 1>(o, matrix(qs + (s >> 2) * PANEL + HALF_OF * 64 * 128 + (s & 3) * 32), matrix(state_now + s * 2048), s);
        close_products();
#endif
        settle(state);
        open_products();
#pragma unroll
        for (int s = 0; s < 8; s++)
            multiply<1, 1>(state, matrix(ks + HALF_OF * PANEL + s * 2048), matrix(vs + s * 2048), 1);
        close_products();

#ifndef STATES_ONLY
        wait_products<1>();
        settle(o);
        settle(p0);
        if constexpr (HALF_OF == 1)
            settle(p1);
        u32 pf[8][4];
#pragma unroll
        for (int b = 4 * HALF_OF + 3; b >= 0; b--) {
            const int n = (b & 3) * 8;  // two tiles of 8 keys, 4 numbers each
            float x[8];
#pragma unroll
            for (int i = 0; i < 8; i++) {
                const bool seen = b < rows || (b == rows && (i >> 2) * 8 + t2 + (i & 1) <= g + ((i >> 1) & 1) * 8);
                // Chosen, not multiplied: what is not seen may be infinite.
                x[i] = !seen ? 0.f : b >= 4 ? p1[n + i] : p0[n + i];
            }
#pragma unroll
            for (int i = 0; i < 4; i++)
                pf[b][i] = pack(x[2 * i], x[2 * i + 1]);
        }
        settle(pf);
        settle(o);
        open_products();
#pragma unroll
        for (int s = 0; s < 4; s++)
            mix(o, pf[s], matrix(vs + s * 2048));
        if constexpr (HALF_OF == 1) {
#pragma unroll
            for (int s = 4; s < 8; s++)
                mix(o, pf[s], matrix(vs + s * 2048));
        }
        close_products();
        wait_products<0>();
        settle(o);
#else
        wait_products<0>();
#endif
        settle(state);

#ifdef MEETS
        if (!reverse && (token + count == tokens || (token + count) % TILE == 0)) {
            uint4* to = states + ((slice * ((tokens + TILE - 1) / TILE) + token / TILE) * gridDim.x + blockIdx.x) * (PANEL / 16) + threadIdx.x;
#pragma unroll
            for (int i = 0; i < 4; i++)
                to[i * CONSUMERS] = make_uint4(
                    pack(state[8 * i], state[8 * i + 1]), pack(state[8 * i + 2], state[8 * i + 3]), pack(state[8 * i + 4], state[8 * i + 5]), pack(state[8 * i + 6], state[8 * i + 7]));
        }
#endif
        decay(stage);
        if (!last) {
            wait(base + BARRIERS + (stage ^ 1) * 8, ((step + 1) >> 1) & 1);
            decay(stage ^ 1);
#ifdef MEETS
            if (reverse)
                meet(stage ^ 1);
#endif
        }
#ifndef STATES_ONLY
#ifdef COLUMNS
        if (!last) {
            store_rows(base + STATE + (stage ^ 1) * PANEL, state);
            show_engines();
        }
        float* to = (float*)out + slice * tokens * values + blockIdx.x * DV;
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int r = first + half * 8;
            if (r < count) {
                float* row = to + (size_t)(reverse ? token + count - 1 - r : token + r) * values;
#pragma unroll
                for (int n = 0; n < 8; n++)
                    *(float2*)(row + n * 8 + t2) = make_float2(o[4 * n + 2 * half], o[4 * n + 2 * half + 1]);
            }
        }
#else
        // The warpgroup's queries are read: the output goes through their place, to leave in whole rows.
        asm volatile("bar.sync %0, 128;" :: "n"(3 + HALF_OF) : "memory");
        if (!last) {
            store_rows(base + STATE + (stage ^ 1) * PANEL, state);
            show_engines();
        }
        store_rows(qs, o);
        __syncwarp();
        number* to = (number*)out + slice * tokens * values + blockIdx.x * DV;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const int r = rows * 16 + (lane + 32 * i) / 8, place16 = lane & 7;
            if (r < count) {
                u32 x[4];
                asm volatile("ld.shared.v4.b32 {%0,%1,%2,%3}, [%4];" : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "r"(place(qs, r, place16)));
                *(uint4*)(to + (size_t)(reverse ? token + count - 1 - r : token + r) * values + place16 * 8) = make_uint4(x[0], x[1], x[2], x[3]);
            }
        }
#endif
#endif
        arrive(base + BARRIERS + 16 + stage * 8);
        if (last)
            break;
    }

    // The states of segments go where the next one finds them; otherwise the last segment's is the final one.
#ifdef STATES_ONLY
    float* to = final + (slice * (gridDim.z + 1) + blockIdx.z) * D * values + blockIdx.x * DV;
#else
    if (blockIdx.z != gridDim.z - 1)
        return;
    float* to = final + slice * D * values + blockIdx.x * DV;
#endif
#pragma unroll
    for (int i = 0; i < 32; i++)
        to[(size_t)(first + ((i >> 1) & 1) * 8) * values + (i >> 2) * 8 + t2 + (i & 1)] = state[i];
}

// q, k [slices, tokens, 128]; v, out [slices, tokens, values]; totals and pieces as GatedWeighting.cu leaves them; states [slices, segments, 128, values]. A block
// of segment s walks tiles [s * length, (s + 1) * length) in scan order, which is from the last tile on, and within each from the last token on, where
// reverse is set. With COLUMNS states keeps the state after each tile, numbers as threads hold them; the pass in reverse, whose own state is the gradient
// of that one, leaves met [slices, tiles, 8, 128]: by channel the products of both, summed by each warp over its values.
extern "C" __global__ void __launch_bounds__(CONSUMERS + PRODUCERS, 1) gated_pass(
    const number* __restrict__ q, const number* __restrict__ k, const number* __restrict__ v, const void* __restrict__ gates, const float* __restrict__ totals,
    const int* __restrict__ pieces, const float* __restrict__ initial, void* __restrict__ out, float* __restrict__ final, uint4* __restrict__ states, float* __restrict__ met,
    int tokens, int values, int length, int reverse, int gate_dim, int gate_is_float) {
    extern __shared__ __align__(1024) unsigned char memory[];
    const u32 base = (shared_address(memory) + 1023) & ~1023u;
    if (threadIdx.x == 0)
        for (int i = 0; i < 4; i++)
            create(base + BARRIERS + i * 8, i < 2 ? PRODUCERS : CONSUMERS);
    __syncthreads();
    // As a warp has it, or the compiler takes the branch for one that warps may part at, and lets no products run beside each other.
    const int group = __shfl_sync(~0u, threadIdx.x / 128, 0);
    if (group == 2) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 56;");
        produce(base, q, k, v, {gates, gate_dim, gate_is_float}, totals, pieces, states, tokens, values, length, reverse);
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 224;");
        if (group == 0)
            consume<0>(base, initial, out, final, states, met, tokens, values, reverse);
        else
            consume<1>(base, initial, out, final, states, met, tokens, values, reverse);
    }
}

#ifdef STATES_ONLY
// Turns what each segment but the last adds, states [slices, segments, 128, values], into what each one starts from, in place.
extern "C" __global__ void carry_gated_states(
    float* __restrict__ states, const float* __restrict__ initial, const float* __restrict__ totals, int segments, int tiles, int values, int length, int reverse) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x, slice = blockIdx.y, size = D * values;
    if (i >= size)
        return;
#ifdef COLUMNS
    const int channel = i % values;
#else
    const int channel = i / values;
#endif
    totals += (size_t)slice * tiles * D + channel;
    float carried = initial ? initial[(size_t)slice * size + i] : 0.f;
    for (int s = 0; s < segments; s++) {
        float* at = states + ((size_t)slice * segments + s) * size + i;
        const float added = s + 1 < segments ? *at : 0.f;
        *at = carried;
        float sum = 0;
        for (int scan = s * length; scan < min(tiles, (s + 1) * length); scan++)
            sum += totals[(size_t)(reverse ? tiles - 1 - scan : scan) * D];
        carried = exp2_fast(sum) * carried + added;
    }
}
#endif
