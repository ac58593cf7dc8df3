// Hopper's warpgroup products and copy engine (sm_90a). A panel is rows of 128 bytes, swizzled by 128 bytes as both have it; it begins at a multiple of
// 1024 bytes.
#pragma once
#include "Numbers.cuh"

// A tensor as the copy engine knows it.
struct __align__(64) TensorMap { u64 opaque[16]; };

__device__ __forceinline__ u32 place(u32 panel, int row, int piece) { return panel + row * 128 + ((piece ^ (row & 7)) << 4); }

// Panels; a deep direction along rows is the swizzled one, one across them steps from panel to panel by `stride` bytes.
__device__ __forceinline__ u64 matrix(u32 address, int stride = 16) { return (u64)((address & 0x3ffff) >> 4) | ((u64)(stride >> 4) << 16) | (64ull << 32) | (1ull << 62); }

__device__ __forceinline__ void open_products() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void close_products() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int LEFT> __device__ __forceinline__ void wait_products() { asm volatile("wgmma.wait_group.sync.aligned %0;" :: "n"(LEFT) : "memory"); }

// The two warpgroups that compute, where a third one fetches.
__device__ __forceinline__ void consumers_meet() { asm volatile("bar.sync 1, 256;" ::: "memory"); }

// Keeps the compiler from moving what it does with the numbers across: it does not know that products still run.
template <int N> __device__ __forceinline__ void settle(float (&c)[N]) {
#pragma unroll
    for (int i = 0; i < N; i++)
        asm volatile("" : "+f"(c[i]) :: "memory");
}

#define EIGHT(c, i) "+f"(c[i]), "+f"(c[i + 1]), "+f"(c[i + 2]), "+f"(c[i + 3]), "+f"(c[i + 4]), "+f"(c[i + 5]), "+f"(c[i + 6]), "+f"(c[i + 7])
#define ACC32(c) EIGHT(c, 0), EIGHT(c, 8), EIGHT(c, 16), EIGHT(c, 24)
#define ACC64(c) ACC32(c), EIGHT(c, 32), EIGHT(c, 40), EIGHT(c, 48), EIGHT(c, 56)
#define NAMES32 "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31"
#define NAMES64 NAMES32 ",%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"

// c = a bT [+ c], 64 rows, 16 deep, both with the deep direction along rows.
__device__ __forceinline__ void scores(float (&c)[32], u64 a, u64 b, int add) {
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %34, 0;\n"
                 "wgmma.mma_async.sync.aligned.m64n64k16.f32." TYPE "." TYPE " {" NAMES32 "}, %32, %33, p, 1, 1, 0, 0;\n}\n"
                 : ACC32(c) : "l"(a), "l"(b), "r"(add));
}

__device__ __forceinline__ void scores(float (&c)[64], u64 a, u64 b, int add) {
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %66, 0;\n"
                 "wgmma.mma_async.sync.aligned.m64n128k16.f32." TYPE "." TYPE " {" NAMES64 "}, %64, %65, p, 1, 1, 0, 0;\n}\n"
                 : ACC64(c) : "l"(a), "l"(b), "r"(add));
}

// c (64 x 64) = [c +] a b, 16 deep; the flags say which operand lies with its deep direction across rows.
template <int A_ACROSS, int B_ACROSS> __device__ __forceinline__ void multiply(float (&c)[32], u64 a, u64 b, int add) {
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %34, 0;\n"
                 "wgmma.mma_async.sync.aligned.m64n64k16.f32." TYPE "." TYPE " {" NAMES32 "}, %32, %33, p, 1, 1, %35, %36;\n}\n"
                 : ACC32(c) : "l"(a), "l"(b), "r"(add), "n"(A_ACROSS), "n"(B_ACROSS));
}

// c += a b, 64 rows, 16 deep, a from registers, b with its deep direction across rows.
__device__ __forceinline__ void mix(float (&c)[32], const u32 (&a)[4], u64 b) {
    asm volatile("wgmma.mma_async.sync.aligned.m64n64k16.f32." TYPE "." TYPE " {" NAMES32 "}, {%32,%33,%34,%35}, %36, 1, 1, 1, 1;\n"
                 : ACC32(c) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}

__device__ __forceinline__ void mix(float (&c)[64], const u32 (&a)[4], u64 b) {
    asm volatile("wgmma.mma_async.sync.aligned.m64n128k16.f32." TYPE "." TYPE " {" NAMES64 "}, {%64,%65,%66,%67}, %68, 1, 1, 1, 1;\n"
                 : ACC64(c) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}

// Packed weights must be there before products that take them begin.
template <int N> __device__ __forceinline__ void settle(u32 (&p)[N][4]) {
#pragma unroll
    for (int i = 0; i < N; i++)
#pragma unroll
        for (int j = 0; j < 4; j++)
            asm volatile("" : "+r"(p[i][j]) :: "memory");
}

template <int N> __device__ __forceinline__ void pack_rows(u32 (&p)[N][4], const float (&x)[8 * N]) {
#pragma unroll
    for (int i = 0; i < 4 * N; i++)
        p[i >> 2][i & 3] = pack(x[2 * i], x[2 * i + 1]);
    settle(p);
}

// What a thread wrote to shared memory is there for tensor cores and the copy engine.
__device__ __forceinline__ void show_engines() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }
__device__ __forceinline__ void create(u32 barrier, int arrivals) { asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" :: "r"(barrier), "r"(arrivals) : "memory"); }
__device__ __forceinline__ void show_barriers() { asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory"); }
__device__ __forceinline__ void arrive(u32 barrier) { asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" :: "r"(barrier) : "memory"); }
__device__ __forceinline__ void expect(u32 barrier, int bytes) { asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" :: "r"(barrier), "r"(bytes) : "memory"); }

__device__ __forceinline__ void wait(u32 barrier, u32 phase) {
    asm volatile("{\n.reg .pred p;\nagain:\nmbarrier.try_wait.parity.shared::cta.b64 p, [%0], %1;\n@!p bra again;\n}\n" :: "r"(barrier), "r"(phase) : "memory");
}

// Has the copy engine bring rows of a slice of [slices, rows, 64 * PANELS], panel by panel; what lies outside the tensor is zero.
template <int ROWS, int PANELS> __device__ __forceinline__ void bring(u32 to, const TensorMap* map, int row, int slice, u32 barrier) {
    for (int panel = 0; panel < PANELS; panel++)
        asm volatile("cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5}], [%2];"
                     :: "r"(to + panel * ROWS * 128), "l"(map), "r"(barrier), "r"(panel * 64), "r"(row), "r"(slice) : "memory");
}
