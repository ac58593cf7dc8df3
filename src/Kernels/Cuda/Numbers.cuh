// What all kernels share: number types, and arithmetic that C++ has no name for. HALF: float16 in place of bfloat16.
#pragma once

typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned short number;  // bfloat16, or float16

#ifdef HALF
#define TYPE "f16"
#else
#define TYPE "bf16"
#endif

constexpr float LOG2E = 1.4426950408889634f;
#define INFINITE __uint_as_float(0x7f800000u)

// Two numbers in one register.
__device__ __forceinline__ u32 pack(float low, float high) {
    u32 r;
    asm("cvt.rn." TYPE "x2.f32 %0, %1, %2;" : "=r"(r) : "f"(high), "f"(low));
    return r;
}

__device__ __forceinline__ float exp2_fast(float x) {
    float r;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x));
    return r;
}

__device__ __forceinline__ float inverse(float x) {
    float r;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x));
    return r;
}

__device__ __forceinline__ float power(float log2_base, int exponent) { return exp2f(log2_base * exponent); }

// The logarithm by 2 of a fixed decay. What a smaller one does cannot be told apart from forgetting everything, and this one's powers stay numbers.
__device__ __forceinline__ float log2_decay(float natural) { return fmaxf(natural, -708.f) * LOG2E; }

__device__ __forceinline__ u32 shared_address(const void* p) { return (u32)__cvta_generic_to_shared(p); }

__device__ __forceinline__ void copy16(u32 to, const void* from, bool there) {
    int bytes = there ? 16 : 0;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(to), "l"(from), "r"(bytes));
}
