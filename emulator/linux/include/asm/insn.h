/*
 * The kernel's own instruction decoder: prefixes, opcode, operands and, above all, the length of an instruction of 64-bit
 * code. It knows the shape of instructions, not their meaning.
 */
#ifndef _ASM_X86_INSN_H
#define _ASM_X86_INSN_H

#include <linux/types.h>

#define MAX_INSN_SIZE 15

struct insn_field {
	union {
		s32 value;
		u8 bytes[4];
	};
	unsigned char got;
	unsigned char nbytes;
};

struct insn {
	struct insn_field prefixes;	/* up to four of the legacy ones */
	struct insn_field rex_prefix;
	struct insn_field vex_prefix;
	struct insn_field opcode;	/* one to three bytes */
	struct insn_field modrm;
	struct insn_field sib;
	struct insn_field displacement;
	union {
		struct insn_field immediate;
		struct insn_field moffset1;
		struct insn_field immediate1;
	};
	union {
		struct insn_field moffset2;
		struct insn_field immediate2;
	};
	unsigned char opnd_bytes;
	unsigned char addr_bytes;
	unsigned char length;
	unsigned char x86_64;
	const u8 *kaddr;		/* where it stands */
	const u8 *end_kaddr;
	const u8 *next_byte;
};

enum insn_mode {
	INSN_MODE_32,
	INSN_MODE_64,
	INSN_MODE_KERN,
	INSN_NUM_MODES,
};

#define X86_MODRM_MOD(modrm) (((modrm) & 0xc0) >> 6)
#define X86_MODRM_REG(modrm) (((modrm) & 0x38) >> 3)
#define X86_MODRM_RM(modrm) ((modrm) & 0x07)
#define X86_SIB_SCALE(sib) (((sib) & 0xc0) >> 6)
#define X86_SIB_INDEX(sib) (((sib) & 0x38) >> 3)
#define X86_SIB_BASE(sib) ((sib) & 0x07)
#define X86_REX_W(rex) ((rex) & 8)
#define X86_REX_R(rex) ((rex) & 4)
#define X86_REX_X(rex) ((rex) & 2)
#define X86_REX_B(rex) ((rex) & 1)

extern void insn_init(struct insn *insn, const void *kaddr, int buf_len, int x86_64);
extern int insn_get_prefixes(struct insn *insn);
extern int insn_get_opcode(struct insn *insn);
extern int insn_get_modrm(struct insn *insn);
extern int insn_get_displacement(struct insn *insn);
extern int insn_get_immediate(struct insn *insn);
extern int insn_get_length(struct insn *insn);
/* 0, or -EINVAL for bytes that are no instruction; only 64-bit code is known. */
extern int insn_decode(struct insn *insn, const void *kaddr, int buf_len, enum insn_mode m);
#define insn_decode_kernel(_insn, _ptr) insn_decode((_insn), (_ptr), MAX_INSN_SIZE, INSN_MODE_KERN)

static inline void kernel_insn_init(struct insn *insn, const void *kaddr, int buf_len)
{
	insn_init(insn, kaddr, buf_len, 1);
}

static inline int insn_complete(struct insn *insn)
{
	return insn->immediate.got;
}

static inline bool insn_rip_relative(struct insn *insn)
{
	return insn->modrm.nbytes && (insn->modrm.bytes[0] & 0xc7) == 5;
}

/* Offsets of its parts from its first byte. */
static inline int insn_offset_rex_prefix(struct insn *insn)
{
	return insn->prefixes.nbytes;
}

static inline int insn_offset_opcode(struct insn *insn)
{
	return insn_offset_rex_prefix(insn) + insn->rex_prefix.nbytes + insn->vex_prefix.nbytes;
}

static inline int insn_offset_modrm(struct insn *insn)
{
	return insn_offset_opcode(insn) + insn->opcode.nbytes;
}

static inline int insn_offset_displacement(struct insn *insn)
{
	return insn_offset_modrm(insn) + insn->modrm.nbytes + insn->sib.nbytes;
}

static inline int insn_offset_immediate(struct insn *insn)
{
	return insn_offset_displacement(insn) + insn->displacement.nbytes;
}

#endif
