// What NVRTC declares by itself, so that clang can check a source without a CUDA toolkit.
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __constant__ __attribute__((constant))
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __align__(n) __attribute__((aligned(n)))
#define __grid_constant__
typedef unsigned long size_t;
struct dim3 { unsigned x, y, z; };
extern const __device__ dim3 threadIdx, blockIdx, blockDim, gridDim;
struct __align__(16) uint4 { unsigned x, y, z, w; };
__device__ uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w);
struct __align__(8) uint2 { unsigned x, y; };
struct __align__(8) float2 { float x, y; };
struct __align__(16) float4 { float x, y, z, w; };
__device__ uint2 make_uint2(unsigned x, unsigned y);
__device__ float2 make_float2(float x, float y);
__device__ float4 make_float4(float x, float y, float z, float w);
__device__ size_t __cvta_generic_to_shared(const void*);
__device__ float __uint_as_float(unsigned);
__device__ unsigned __float_as_uint(float);
__device__ float exp2f(float);
__device__ int min(int, int);
__device__ int max(int, int);
__device__ float fminf(float, float);
__device__ float fmaxf(float, float);
__device__ float fabsf(float);
__device__ float __logf(float);
__device__ float __ldcg(const float*);
__device__ int atomicAdd(int*, int);
__device__ void __threadfence();
__device__ bool __any_sync(unsigned mask, int predicate);
template <class T> __device__ T __shfl_sync(unsigned mask, T value, int lane);
template <class T> __device__ T __shfl_xor_sync(unsigned mask, T value, int lanes);
__device__ void __syncthreads();
__device__ void __syncwarp(unsigned mask = ~0u);
