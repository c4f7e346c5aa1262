/* One loop, compiled for several instruction sets; the best one is chosen at run time.
 *
 * A loop is written once, as `static inline void name_body(...)`, in plain C that compilers turn
 * into vector instructions. VERSIONS compiles it for each level and makes `name(...)`, which calls
 * the one for `simd_level`. The compiler's own target_clones does the same, but only where the
 * loader knows ifuncs (not musl, not macOS, not under sanitizers), and no test can choose. */
#ifndef SECONDHAND_SIMD_H
#define SECONDHAND_SIMD_H

enum simd_level { SIMD_BASELINE, SIMD_AVX2, SIMD_AVX512, SIMD_LEVELS };

extern enum simd_level simd_level;

/* The best level of this machine: the compiler's baseline (SSE2, NEON) where there is no choice. */
enum simd_level simd_best(void);

#if defined(__GNUC__)
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE inline
#endif

#if defined(__GNUC__) && defined(__x86_64__)
#define SIMD_DISPATCH 1
#define TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2")))
#if defined(__clang__)
#define TARGET_AVX512                                                                            \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2"), min_vector_width(512)))
#else
#define TARGET_AVX512                                                                            \
    __attribute__(                                                                               \
        (target("avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2,prefer-vector-width=512")))
#endif

#define VERSIONS(name, parameters, arguments)                                                    \
    static void name##_baseline parameters { name##_body arguments; }                            \
    TARGET_AVX2 static void name##_avx2 parameters { name##_body arguments; }                    \
    TARGET_AVX512 static void name##_avx512 parameters { name##_body arguments; }                \
    static void name parameters                                                                  \
    {                                                                                            \
        switch (simd_level) {                                                                    \
        case SIMD_AVX512: name##_avx512 arguments; break;                                        \
        case SIMD_AVX2: name##_avx2 arguments; break;                                            \
        default: name##_baseline arguments; break;                                               \
        }                                                                                        \
    }
#else
#define SIMD_DISPATCH 0
#define VERSIONS(name, parameters, arguments)                                                    \
    static void name parameters { name##_body arguments; }
#endif

#endif
