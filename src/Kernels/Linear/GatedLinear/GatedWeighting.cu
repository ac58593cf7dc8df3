// Before and after the products of gated linear attention (GatedPass.cu): operands weighted by their gates, and gradients by what they were before.
// Tensors are [slices, tokens, dim], dim a multiple of 4; weighted ones have 128 channels.

#include "GatedTile.cuh"

// The tokens of a piece, the most for which no channel forgets too much: 128, 64, ..., 4, or 1.
__device__ __forceinline__ int longest_piece(const float (&sums)[GROUPS][CHANNELS], int (&over)[6], int thread) {
    if (thread < 6)
        over[thread] = 0;
    __syncthreads();
    if (thread < CHANNELS) {
        float sum[6] = {0, 0, 0, 0, 0, 0};
#pragma unroll
        for (int i = 1; i <= GROUPS; i++) {
            const float x = sums[i - 1][thread];
#pragma unroll
            for (int level = 0; level < 6; level++) {
                sum[level] += x;
                if (i % (GROUPS >> level) == 0) {
                    if (sum[level] < -MOST)
                        over[level] = 1;
                    sum[level] = 0;
                }
            }
        }
    }
    __syncthreads();
    for (int level = 0; level < 6; level++)
        if (!over[level])
            return TILE >> level;
    return 1;
}

// q scale e^(b-z) and k e^(z-b) of one tile. Also the sums of its gates by channel [slices, tiles, 128], and the tokens of its pieces [slices, tiles].
extern "C" __global__ void __launch_bounds__(1024, 1) weight_operands(
    const number* __restrict__ q, const number* __restrict__ k, const void* __restrict__ gates, number* __restrict__ weighted_q, number* __restrict__ weighted_k,
    float* __restrict__ totals, int* __restrict__ pieces, int tokens, int dim, int gate_dim, int gate_is_float, float scale) {
    __shared__ __align__(16) float sums[GROUPS][CHANNELS];
    __shared__ int over[6];
    const int channel = (threadIdx.x & 31) * 4, group = threadIdx.x >> 5, tile = blockIdx.x, first = tile * TILE + group * GROUP;
    const size_t slice = (size_t)blockIdx.y * tokens, at_tile = (size_t)blockIdx.y * gridDim.x + tile;
    const Gates gate_of = {gates, gate_dim, gate_is_float};

    float gate[GROUP][4], sum[4] = {0, 0, 0, 0};
    uint2 qs[GROUP], ks[GROUP];
#pragma unroll
    for (int i = 0; i < GROUP; i++) {
        qs[i] = ks[i] = make_uint2(0, 0);
        gate[i][0] = gate[i][1] = gate[i][2] = gate[i][3] = 0;
        if (channel < dim && first + i < tokens) {
            const size_t token = slice + first + i;
            gate_of.four(gate[i], token, channel);
            qs[i] = *(const uint2*)(q + token * dim + channel);
            ks[i] = *(const uint2*)(k + token * dim + channel);
        }
#pragma unroll
        for (int j = 0; j < 4; j++)
            sum[j] += gate[i][j];
    }
    *(float4*)&sums[group][channel] = make_float4(sum[0], sum[1], sum[2], sum[3]);
    __syncthreads();
    const int piece = longest_piece(sums, over, threadIdx.x);
    if (threadIdx.x < CHANNELS) {
        float total = 0;
#pragma unroll
        for (int i = 0; i < GROUPS; i++)
            total += sums[i][threadIdx.x];
        totals[at_tile * CHANNELS + threadIdx.x] = total;
        if (piece > 1)
            centre(sums, threadIdx.x, piece);
    }
    if (threadIdx.x == 0)
        pieces[at_tile] = piece;
    __syncthreads();
    float b[4];
#pragma unroll
    for (int j = 0; j < 4; j++)
        b[j] = sums[group][channel + j];
#pragma unroll
    for (int i = 0; i < GROUP; i++) {
        float e[4];
#pragma unroll
        for (int j = 0; j < 4; j++)
            e[j] = next_exponent(b[j], gate[i][j], piece);
        if (first + i < tokens) {
            const size_t at = (slice + first + i) * CHANNELS + channel;
            *(uint2*)(weighted_q + at) = make_uint2(
                pack(low(qs[i].x) * scale * exp2_fast(e[0]), high(qs[i].x) * scale * exp2_fast(e[1])),
                pack(low(qs[i].y) * scale * exp2_fast(e[2]), high(qs[i].y) * scale * exp2_fast(e[3])));
            *(uint2*)(weighted_k + at) = make_uint2(
                pack(low(ks[i].x) * exp2_fast(-e[0]), high(ks[i].x) * exp2_fast(-e[1])), pack(low(ks[i].y) * exp2_fast(-e[2]), high(ks[i].y) * exp2_fast(-e[3])));
        }
    }
}

// The gradients of q and k from those of the weighted ones (dwq, dwk, 128 channels), and of the gates: what q and k of this and later tokens of the tile have
// given and taken (paper's section 4.3), and what the tile's last state has to do with the loss, in eight parts of met [slices, tiles, 8, 128]. Weighted
// numbers stand in the sums as the products saw them, so that what a tile's tokens give each other cancels; with unrounded ones, summed over all
// tokens, errors would be ten times as large.
constexpr int SOME = 32;  // channels a block

extern "C" __global__ void __launch_bounds__(SOME / 4 * GROUPS, 3) finish_gradients(
    const number* __restrict__ weighted_q, const number* __restrict__ weighted_k, const float* __restrict__ dwq, const float* __restrict__ dwk,
    const void* __restrict__ gates, const int* __restrict__ pieces, const float* __restrict__ met, number* __restrict__ dq, number* __restrict__ dk,
    void* __restrict__ dgate, int tokens, int dim, int gate_dim, int gate_is_float, float scale) {
    __shared__ __align__(16) float sums[GROUPS][SOME];
    __shared__ __align__(16) float given[GROUPS][SOME];
    const int local = (threadIdx.x % (SOME / 4)) * 4, channel = blockIdx.x * SOME + local, group = threadIdx.x / (SOME / 4), tile = blockIdx.z;
    const int first = tile * TILE + group * GROUP;
    const size_t slice = (size_t)blockIdx.y * tokens, at_tile = (size_t)blockIdx.y * gridDim.z + tile;
    const Gates gate_of = {gates, gate_dim, gate_is_float};
    const int piece = pieces[at_tile];

    float gate[GROUP][4], x[GROUP][4], sum[4] = {0, 0, 0, 0}, all[4] = {0, 0, 0, 0};
    float4 to_q[GROUP], to_k[GROUP];
#pragma unroll
    for (int i = 0; i < GROUP; i++) {
        to_q[i] = to_k[i] = make_float4(0, 0, 0, 0);
        uint2 wq = make_uint2(0, 0), wk = wq;
        gate[i][0] = gate[i][1] = gate[i][2] = gate[i][3] = 0;
        if (channel < dim && first + i < tokens) {
            const size_t token = slice + first + i, at = token * CHANNELS + channel;
            gate_of.four(gate[i], token, channel);
            wq = *(const uint2*)(weighted_q + at);
            wk = *(const uint2*)(weighted_k + at);
            to_q[i] = *(const float4*)(dwq + at);
            to_k[i] = *(const float4*)(dwk + at);
        }
        x[i][0] = low(wq.x) * to_q[i].x - low(wk.x) * to_k[i].x;
        x[i][1] = high(wq.x) * to_q[i].y - high(wk.x) * to_k[i].y;
        x[i][2] = low(wq.y) * to_q[i].z - low(wk.y) * to_k[i].z;
        x[i][3] = high(wq.y) * to_q[i].w - high(wk.y) * to_k[i].w;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            sum[j] += gate[i][j];
            all[j] += x[i][j];
        }
    }
    *(float4*)&sums[group][local] = make_float4(sum[0], sum[1], sum[2], sum[3]);
    *(float4*)&given[group][local] = make_float4(all[0], all[1], all[2], all[3]);
    __syncthreads();
    // One warp goes over the gates, another over what was given, from the last group back: each then holds what comes after it.
    if (threadIdx.x < SOME) {
        if (piece > 1)
            centre(sums, threadIdx.x, piece);
    } else if (threadIdx.x < 2 * SOME) {
        const int mine = threadIdx.x - SOME;
        float after = 0;
        for (int i = 0; i < 8; i++)
            after += met[(at_tile * 8 + i) * CHANNELS + blockIdx.x * SOME + mine];
        for (int i = GROUPS - 1; i >= 0; i--) {
            const float here = given[i][mine];
            given[i][mine] = after;
            after += here;
        }
    }
    __syncthreads();
    if (channel >= dim)
        return;
    float b[4], after[4];
#pragma unroll
    for (int j = 0; j < 4; j++) {
        b[j] = sums[group][local + j];
        after[j] = given[group][local + j];
    }
#pragma unroll
    for (int i = GROUP - 1; i >= 0; i--)
#pragma unroll
        for (int j = 0; j < 4; j++)
            x[i][j] = after[j] += x[i][j];
#pragma unroll
    for (int i = 0; i < GROUP; i++) {
        float e[4];
#pragma unroll
        for (int j = 0; j < 4; j++) {
            e[j] = next_exponent(b[j], gate[i][j], piece);
            // A gate that was too small to count has no gradient.
            x[i][j] = gate[i][j] <= LEAST ? 0 : x[i][j];
        }
        if (first + i < tokens) {
            const size_t at = (slice + first + i) * dim + channel;
            *(uint2*)(dq + at) = make_uint2(
                pack(to_q[i].x * scale * exp2_fast(e[0]), to_q[i].y * scale * exp2_fast(e[1])), pack(to_q[i].z * scale * exp2_fast(e[2]), to_q[i].w * scale * exp2_fast(e[3])));
            *(uint2*)(dk + at) = make_uint2(
                pack(to_k[i].x * exp2_fast(-e[0]), to_k[i].y * exp2_fast(-e[1])), pack(to_k[i].z * exp2_fast(-e[2]), to_k[i].w * exp2_fast(-e[3])));
            if (gate_is_float || !gate_dim)
                *(float4*)((float*)dgate + at) = make_float4(x[i][0], x[i][1], x[i][2], x[i][3]);
            else
                *(uint2*)((number*)dgate + at) = make_uint2(pack(x[i][0], x[i][1]), pack(x[i][2], x[i][3]));
        }
    }
}
