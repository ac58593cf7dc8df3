// What both sides of gated linear attention's products know of gates: a tile is 128 tokens of one head, cut into pieces short enough that what is left of
// a token at the end of its piece is still a number with room to spare. Gates are logarithms by 2 here.
#pragma once
#include "Numbers.cuh"

constexpr int TILE = 128, CHANNELS = 128, GROUP = 4, GROUPS = TILE / GROUP;  // a thread has four tokens of four channels

// Exponents within a piece go from minus to plus half of this. What they leave to bfloat16's 2^127 is for the operands' own size.
constexpr float MOST = 200.f;

// The logarithm of float32's smallest normal number: what a gate below it does cannot be told apart.
constexpr float LEAST = -87.f * LOG2E;

__device__ __forceinline__ float low(u32 pair) { return __uint_as_float(pair << 16); }
__device__ __forceinline__ float high(u32 pair) { return __uint_as_float(pair & 0xffff0000u); }

// Gates of [slices, tokens, dim], or [slices, tokens] where all channels share one (dim is 0); float32 or numbers.
struct Gates {
    const void* at;
    int dim, is_float;

    __device__ __forceinline__ float one(size_t token, int channel) const {
        const size_t i = dim ? token * dim + channel : token;
        return bounded(is_float ? ((const float*)at)[i] : low(((const number*)at)[i]));
    }

    __device__ __forceinline__ void four(float (&gate)[4], size_t token, int channel) const {
        if (!dim) {
            gate[0] = gate[1] = gate[2] = gate[3] = one(token, 0);
        } else if (is_float) {
            const float4 x = *(const float4*)((const float*)at + token * dim + channel);
            gate[0] = bounded(x.x), gate[1] = bounded(x.y), gate[2] = bounded(x.z), gate[3] = bounded(x.w);
        } else {
            const uint2 x = *(const uint2*)((const number*)at + token * dim + channel);
            gate[0] = bounded(low(x.x)), gate[1] = bounded(high(x.x)), gate[2] = bounded(low(x.y)), gate[3] = bounded(high(x.y));
        }
    }

    static __device__ __forceinline__ float bounded(float natural) { return fmaxf(natural * LOG2E, LEAST); }
};

// The sums of a piece's groups, turned in place into b - z before each group: what is forgotten since the piece's first token, less half of the whole piece.
template <int WIDTH> __device__ __forceinline__ void centre(float (&sums)[GROUPS][WIDTH], int channel, int piece) {
    const int groups = piece / GROUP;
    for (int first = 0; first < GROUPS; first += groups) {
        float b = 0;
        for (int i = first; i < first + groups; i++) {
            const float sum = sums[i][channel];
            sums[i][channel] = b;
            b += sum;
        }
        for (int i = first; i < first + groups; i++)
            sums[i][channel] -= b * .5f;
    }
}

// b - z of a token from that of the one before; pieces of one token have it in their middle.
__device__ __forceinline__ float next_exponent(float& running, float gate, int piece) { return piece == 1 ? gate * .5f : running += gate; }
