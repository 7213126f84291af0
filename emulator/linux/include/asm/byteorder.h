/* Byte order: this machine is little-endian, networks are big-endian. */
#ifndef _ASM_BYTEORDER_H
#define _ASM_BYTEORDER_H

#include <linux/types.h>

#define __LITTLE_ENDIAN 1234
#define __LITTLE_ENDIAN_BITFIELD 1
#define __BYTE_ORDER __LITTLE_ENDIAN

#define swab16(x) ((__u16)((((__u16)(x)) << 8) | (((__u16)(x)) >> 8)))
#define swab32(x) __builtin_bswap32(x)
#define swab64(x) __builtin_bswap64(x)
#define __swab16(x) swab16(x)
#define __swab32(x) swab32(x)
#define __constant_htons(x) swab16(x)
#define __constant_htonl(x) swab32(x)
#define __constant_ntohs(x) swab16(x)
#define htons(x) swab16(x)
#define ntohs(x) swab16(x)
#define htonl(x) swab32(x)
#define ntohl(x) swab32(x)
#define cpu_to_be16(x) swab16(x)
#define cpu_to_be32(x) swab32(x)
#define cpu_to_be64(x) swab64(x)
#define be16_to_cpu(x) swab16(x)
#define be32_to_cpu(x) swab32(x)
#define be64_to_cpu(x) swab64(x)
#define be16_to_cpup(p) swab16(*(p))
#define be32_to_cpup(p) swab32(*(p))
#define cpu_to_le16(x) ((__u16)(x))
#define cpu_to_le32(x) ((__u32)(x))
#define cpu_to_le64(x) ((__u64)(x))
#define le16_to_cpu(x) ((__u16)(x))
#define le32_to_cpu(x) ((__u32)(x))
#define le64_to_cpu(x) ((__u64)(x))

#endif
