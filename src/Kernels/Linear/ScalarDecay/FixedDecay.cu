// Causal linear attention with one fixed decay a head, o_t = scale * sum_{s<=t} decay^(t-s) (q_t . k_s) v_s, bfloat16 in and out, sums in
// float32. A block walks the tokens of one head in chunks of 128 and keeps the state of 64 value channels in registers.
//
// Macros: D, channels of q and k (64 or 128); STAGES, chunks in shared memory (1 or 2); STATES_ONLY, where only the state is wanted.

#include "Warp.cuh"

constexpr int CHUNK = 128;  // tokens
constexpr int WARPS = 8;    // one a 16 tokens of the chunk
constexpr int DV = 64;      // value channels a block
constexpr int TILES_M = D / 16, GROUPS = WARPS / TILES_M, TILES_N = DV / 8 / GROUPS;  // the part of the state a warp keeps

#ifdef STATES_ONLY
constexpr int Q_BYTES = 0;
constexpr int S_BYTES = 0;
#else
constexpr int Q_BYTES = CHUNK * D * 2;
constexpr int S_BYTES = D * DV * 2;
#endif
constexpr int K_BYTES = CHUNK * D * 2, V_BYTES = CHUNK * DV * 2;
constexpr int STAGE_BYTES = Q_BYTES + K_BYTES + V_BYTES;

__device__ __forceinline__ u32 scaled(u32 pair, float low, float high) {
    return pack(__uint_as_float(pair << 16) * low, __uint_as_float(pair & 0xffff0000u) * high);
}

// q, k [heads, tokens, D]; v, out [heads, tokens, values]; log_decay [decays], head h uses entry h % decays; states [heads, segments, D, values].
// A block of segment s walks tokens [s * length, (s + 1) * length) in scan order, which is from the last token on where reverse is set. Where
// late is set, the initial state stands for what the first token already sees undecayed.
extern "C" __global__ void __launch_bounds__(WARPS * 32, 1) fixed_decay(
    const number* __restrict__ q, const number* __restrict__ k, const number* __restrict__ v, const float* __restrict__ log_decay, const float* __restrict__ initial,
    number* __restrict__ out, float* __restrict__ final, int decays, int tokens, int values, int length, int reverse, int late, float scale) {
    extern __shared__ __align__(128) unsigned char memory[];
    const u32 base = shared_address(memory), s_base = base + STAGES * STAGE_BYTES;
    const int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, g = lane >> 2, t2 = (lane & 3) * 2;
    const int first_value = blockIdx.x * DV, head = blockIdx.y, segment = blockIdx.z, segments = gridDim.z;
    const int begin = segment * length, end = min(tokens, begin + length), chunks = (end - begin + CHUNK - 1) / CHUNK;
    const float l2 = log2_decay(log_decay[head % decays]);

    const number* qh = q + (size_t)head * tokens * D;
    const number* kh = k + (size_t)head * tokens * D;
    const number* vh = v + (size_t)head * tokens * values + first_value;

    auto fetch = [&](int chunk) {
        const u32 stage = base + (chunk % STAGES) * STAGE_BYTES;
        const int at = begin + chunk * CHUNK;
        for (int i = threadIdx.x; i < CHUNK * (D / 8); i += WARPS * 32) {
            const int row = i / (D / 8), piece = i % (D / 8), scan = at + row;
            const bool there = scan < end;
            const size_t token = there ? (reverse ? tokens - 1 - scan : scan) : 0;
#ifndef STATES_ONLY
            copy16(place<D>(stage, row, piece), qh + token * D + piece * 8, there);
#endif
            copy16(place<D>(stage + Q_BYTES, row, piece), kh + token * D + piece * 8, there);
        }
        for (int i = threadIdx.x; i < CHUNK * (DV / 8); i += WARPS * 32) {
            const int row = i / (DV / 8), piece = i % (DV / 8), scan = at + row;
            const bool there = scan < end;
            const size_t token = there ? (reverse ? tokens - 1 - scan : scan) : 0;
            copy16(place<DV>(stage + Q_BYTES + K_BYTES, row, piece), vh + token * values + piece * 8, there);
        }
        asm volatile("cp.async.commit_group;");
    };
    fetch(0);

    // The warp's part of the state: 16 channels of k by TILES_N * 8 of v.
    const int state_row = (warp % TILES_M) * 16, state_column = (warp / TILES_M) * TILES_N * 8;
    float state[TILES_N][4];
    {
        const float* from = initial ? initial + ((size_t)head * segments + segment) * D * values + first_value : nullptr;
        for (int n = 0; n < TILES_N; n++)
            for (int i = 0; i < 4; i++)
                state[n][i] = from ? from[(size_t)(state_row + g + (i >> 1) * 8) * values + state_column + n * 8 + t2 + (i & 1)] : 0.f;
    }
    auto publish = [&]() {
        for (int n = 0; n < TILES_N; n++)
            for (int half = 0; half < 2; half++) {
                const u32 to = place<DV>(s_base, state_row + g + half * 8, state_column / 8 + n) + t2 * 2;
                asm volatile("st.shared.b32 [%0], %1;" :: "r"(to), "r"(pack(state[n][half * 2], state[n][half * 2 + 1])));
            }
    };

    // Powers of the decay that no chunk changes. Every exponent is at least 0.
    const float step = power(l2, 16);
    float column[4];  // decay^(15 - j) at the columns j = t2, t2 + 1, t2 + 8, t2 + 9 of a tile of 16 keys
    for (int i = 0; i < 4; i++)
        column[i] = power(l2, 15 - (t2 + (i & 1) + (i >> 1) * 8));
#ifndef STATES_ONLY
    float diagonal[2][4];  // decay^(r - j) where the key is not later
    for (int n = 0; n < 2; n++)
        for (int i = 0; i < 4; i++) {
            const int r = g + (i >> 1) * 8, j = n * 8 + t2 + (i & 1);
            diagonal[n][i] = r >= j ? power(l2, r - j) : 0.f;
        }
    // Warps w and w + 4 share a scheduler: the one with few keys to see goes with the one with many.
    const int rows = warp < 4 ? warp : 11 - warp;
    const float first_row[2] = {power(l2, g + 1), power(l2, g + 9)};
    publish();
#endif

    for (int chunk = 0; chunk < chunks; chunk++) {
        const u32 stage = base + (chunk % STAGES) * STAGE_BYTES, ks = stage + Q_BYTES, vs = ks + K_BYTES;
        const int there = min(CHUNK, end - begin - chunk * CHUNK), sooner = late && chunk == 0 && segment == 0 ? 1 : 0;
        asm volatile("cp.async.wait_group 0;");
        __syncthreads();
        if (STAGES > 1 && chunk + 1 < chunks)
            fetch(chunk + 1);

#ifndef STATES_ONLY
        u32 qf[D / 16][4];
        for (int kk = 0; kk < D / 16; kk++)
            load4(qf[kk], place<D>(stage, rows * 16 + (lane & 15), kk * 2 + (lane >> 4)));
        float o[DV / 8][4] = {};
        for (int kk = 0; kk < D / 16; kk++)
            for (int n = 0; n < DV / 16; n++) {
                u32 b[4];
                load4_transposed(b, place<DV>(s_base, kk * 16 + (lane & 15), n * 2 + (lane >> 4)));
                multiply(o[2 * n], qf[kk], b[0], b[1]);
                multiply(o[2 * n + 1], qf[kk], b[2], b[3]);
            }
        const float from_state[2] = {power(l2, rows * 16 + g + 1 - sooner), power(l2, rows * 16 + g + 9 - sooner)};
        for (int n = 0; n < DV / 8; n++)
            for (int i = 0; i < 4; i++)
                o[n][i] *= from_state[i >> 1];
        float row[2] = {first_row[0], first_row[1]};
#endif
        const float kept = power(l2, there - sooner);
        for (int n = 0; n < TILES_N; n++)
            for (int i = 0; i < 4; i++)
                state[n][i] *= kept;

        float block = 1;  // decay^(tokens of the chunk after this tile), in a whole chunk
        for (int tile = CHUNK / 16 - 1; tile >= 0; tile--, block *= step) {
            if (tile * 16 >= there)
                continue;
            u32 vf[DV / 16][4];
            for (int n = 0; n < DV / 16; n++)
                load4_transposed(vf[n], place<DV>(vs, tile * 16 + (lane & 15), n * 2 + (lane >> 4)));
            {
                u32 kf[4];
                load4_transposed(kf, place<D>(ks, tile * 16 + (lane & 7) + (lane >> 4) * 8, state_row / 8 + ((lane >> 3) & 1)));
                float w[4];
                for (int i = 0; i < 4; i++)
                    w[i] = there == CHUNK ? column[i] * block : power(l2, max(0, there - 1 - tile * 16 - t2 - (i & 1) - (i >> 1) * 8));
                kf[0] = scaled(kf[0], w[0], w[1]);
                kf[1] = scaled(kf[1], w[0], w[1]);
                kf[2] = scaled(kf[2], w[2], w[3]);
                kf[3] = scaled(kf[3], w[2], w[3]);
                for (int n = 0; n < TILES_N / 2; n++) {
                    if (GROUPS == 1) {
                        multiply(state[2 * n], kf, vf[n][0], vf[n][1]);
                        multiply(state[2 * n + 1], kf, vf[n][2], vf[n][3]);
                    } else {
                        u32 b[4];
                        load4_transposed(b, place<DV>(vs, tile * 16 + (lane & 15), state_column / 8 + n * 2 + (lane >> 4)));
                        multiply(state[2 * n], kf, b[0], b[1]);
                        multiply(state[2 * n + 1], kf, b[2], b[3]);
                    }
                }
            }
#ifndef STATES_ONLY
            if (tile > rows)
                continue;
            float p[2][4] = {};
            for (int kk = 0; kk < D / 16; kk++) {
                u32 b[4];
                load4(b, place<D>(ks, tile * 16 + (lane & 7) + (lane >> 4) * 8, kk * 2 + ((lane >> 3) & 1)));
                multiply(p[0], qf[kk], b[0], b[1]);
                multiply(p[1], qf[kk], b[2], b[3]);
            }
            if (tile == rows) {
                for (int n = 0; n < 2; n++)
                    for (int i = 0; i < 4; i++)
                        p[n][i] *= diagonal[n][i];
            } else {
                for (int n = 0; n < 2; n++)
                    for (int i = 0; i < 4; i++)
                        p[n][i] *= row[i >> 1] * column[n * 2 + (i & 1)];
                row[0] *= step;
                row[1] *= step;
            }
            const u32 pf[4] = {pack(p[0][0], p[0][1]), pack(p[0][2], p[0][3]), pack(p[1][0], p[1][1]), pack(p[1][2], p[1][3])};
            for (int n = 0; n < DV / 16; n++) {
                multiply(o[2 * n], pf, vf[n][0], vf[n][1]);
                multiply(o[2 * n + 1], pf, vf[n][2], vf[n][3]);
            }
#endif
        }

#ifndef STATES_ONLY
        // The warp's own rows of q are read: the output goes through them, to leave in whole rows.
        for (int n = 0; n < DV / 8; n++)
            for (int half = 0; half < 2; half++) {
                const u32 to = place<D>(stage, rows * 16 + g + half * 8, n) + t2 * 2;
                asm volatile("st.shared.b32 [%0], %1;" :: "r"(to), "r"(pack(o[n][half * 2] * scale, o[n][half * 2 + 1] * scale)));
            }
        __syncwarp();
        for (int i = 0; i < 4; i++) {
            const int r = rows * 16 + (lane + 32 * i) / 8, piece = lane % 8, scan = begin + chunk * CHUNK + r;
            if (scan < end) {
                u32 x[4];
                asm volatile("ld.shared.v4.b32 {%0,%1,%2,%3}, [%4];" : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "r"(place<D>(stage, r, piece)));
                const size_t token = reverse ? tokens - 1 - scan : scan;
                *(uint4*)(out + ((size_t)head * tokens + token) * values + first_value + piece * 8) = make_uint4(x[0], x[1], x[2], x[3]);
            }
        }
        __syncthreads();
        publish();
#endif
        if (STAGES == 1 && chunk + 1 < chunks) {
            __syncthreads();
            fetch(chunk + 1);
        }
    }

    if (final && (segment == segments - 1 || S_BYTES == 0)) {
        // Where only states are wanted there is one a segment, else one a head.
        float* to = final + ((size_t)head * (S_BYTES == 0 ? segments + 1 : 1) + (S_BYTES == 0 ? segment : 0)) * D * values + first_value;
        for (int n = 0; n < TILES_N; n++)
            for (int i = 0; i < 4; i++)
                to[(size_t)(state_row + g + (i >> 1) * 8) * values + state_column + n * 8 + t2 + (i & 1)] = state[n][i];
    }
}

#ifdef STATES_ONLY
// Turns what each segment adds, states [heads, segments, size], into what each one starts from, in place.
extern "C" __global__ void carry_states(float* __restrict__ states, const float* __restrict__ initial, const float* __restrict__ log_decay,
                                        int decays, int segments, int size, int length, int late) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x, head = blockIdx.y;
    if (i >= size)
        return;
    const float l2 = log2_decay(log_decay[head % decays]);
    float carried = initial ? initial[(size_t)head * size + i] : 0.f;
    for (int s = 0; s < segments; s++) {
        float* at = states + ((size_t)head * segments + s) * size + i;
        const float added = s + 1 < segments ? *at : 0.f;
        *at = carried;
        carried = power(l2, length - (late && s == 0 ? 1 : 0)) * carried + added;
    }
}
#endif
