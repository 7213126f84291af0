/*
 * Decoding the shape of an instruction of 64-bit code (Intel SDM volume 2, chapter 2 and the opcode maps of its appendix
 * A): which opcodes have a ModRM byte and how long their immediates are. VEX and EVEX encodings are not known: the lab's
 * kernel has none.
 */
#include <asm/insn.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

/* A bit for each opcode of the one-byte map and of the 0F map that is followed by a ModRM byte. */
static const u32 modrm_one[8] = {
	0x0f0f0f0f, 0x0f0f0f0f, 0x00000000, 0x00000a0c, 0x0000ffff, 0x00000000, 0xff0f00f3, 0xc0c00000,
};
static const u32 modrm_two[8] = {
	0xffff200f, 0x0000ff0f, 0xffffffff, 0xf37fffff, 0xffff0000, 0xfffff838, 0xffff00ff, 0xffffffff,
};

static bool in_map(const u32 *map, u8 opcode)
{
	return map[opcode / 32] >> (opcode % 32) & 1;
}

static bool take(struct insn *insn, struct insn_field *field)
{
	if (insn->next_byte >= insn->end_kaddr || field->nbytes >= 4)
		return false;
	field->bytes[field->nbytes++] = *insn->next_byte++;
	return true;
}

static bool take_many(struct insn *insn, struct insn_field *field, int n)
{
	while (n-- > 0)
		if (!take(insn, field))
			return false;
	if (field->nbytes == 1)
		field->value = (s8)field->bytes[0];
	else if (field->nbytes == 2)
		field->value = (s16)(field->bytes[0] | field->bytes[1] << 8);
	return true;
}

void insn_init(struct insn *insn, const void *kaddr, int buf_len, int x86_64)
{
	memset(insn, 0, sizeof(*insn));
	insn->kaddr = insn->next_byte = kaddr;
	insn->end_kaddr = insn->kaddr + min(buf_len, MAX_INSN_SIZE);
	insn->x86_64 = x86_64 ? 1 : 0;
	insn->opnd_bytes = 4;
	insn->addr_bytes = x86_64 ? 8 : 4;
}
EXPORT_SYMBOL(insn_init);

static bool is_legacy_prefix(u8 b)
{
	return b == 0x66 || b == 0x67 || b == 0xf0 || b == 0xf2 || b == 0xf3 || b == 0x2e || b == 0x36 || b == 0x3e ||
	       b == 0x26 || b == 0x64 || b == 0x65;
}

int insn_get_prefixes(struct insn *insn)
{
	if (insn->prefixes.got)
		return 0;
	while (insn->next_byte < insn->end_kaddr && is_legacy_prefix(*insn->next_byte)) {
		if (*insn->next_byte == 0x66)
			insn->opnd_bytes = 2;
		if (*insn->next_byte == 0x67)
			insn->addr_bytes = 4;
		if (!take(insn, &insn->prefixes))
			return -EINVAL;
	}
	if (insn->next_byte < insn->end_kaddr && (*insn->next_byte & 0xf0) == 0x40) {
		take(insn, &insn->rex_prefix);
		if (X86_REX_W(insn->rex_prefix.bytes[0]))
			insn->opnd_bytes = 8;
	}
	insn->prefixes.got = insn->rex_prefix.got = insn->vex_prefix.got = 1;
	return 0;
}
EXPORT_SYMBOL(insn_get_prefixes);

int insn_get_opcode(struct insn *insn)
{
	struct insn_field *opcode = &insn->opcode;

	if (opcode->got)
		return 0;
	if (insn_get_prefixes(insn) || !take(insn, opcode))
		return -EINVAL;
	if (opcode->bytes[0] == 0xc4 || opcode->bytes[0] == 0xc5 || opcode->bytes[0] == 0x62)
		return -EINVAL;
	if (opcode->bytes[0] == 0x0f) {
		if (!take(insn, opcode))
			return -EINVAL;
		if ((opcode->bytes[1] == 0x38 || opcode->bytes[1] == 0x3a) && !take(insn, opcode))
			return -EINVAL;
	}
	opcode->got = 1;
	return 0;
}
EXPORT_SYMBOL(insn_get_opcode);

static bool has_modrm(const struct insn *insn)
{
	const u8 *bytes = insn->opcode.bytes;

	return insn->opcode.nbytes == 1 ? in_map(modrm_one, bytes[0]) :
	       insn->opcode.nbytes == 2 ? in_map(modrm_two, bytes[1]) : true;
}

int insn_get_modrm(struct insn *insn)
{
	if (insn->modrm.got)
		return 0;
	if (insn_get_opcode(insn) || (has_modrm(insn) && !take(insn, &insn->modrm)))
		return -EINVAL;
	insn->modrm.got = 1;
	return 0;
}
EXPORT_SYMBOL(insn_get_modrm);

/* The SIB byte and the displacement that ModRM announces. */
int insn_get_displacement(struct insn *insn)
{
	u8 mod, rm;
	int n = 0;

	if (insn->displacement.got)
		return 0;
	if (insn_get_modrm(insn))
		return -EINVAL;
	mod = X86_MODRM_MOD(insn->modrm.bytes[0]);
	rm = X86_MODRM_RM(insn->modrm.bytes[0]);
	if (insn->modrm.nbytes && mod != 3) {
		if (rm == 4 && !take(insn, &insn->sib))
			return -EINVAL;
		if (mod == 1)
			n = 1;
		else if (mod == 2 || rm == 5 || (rm == 4 && X86_SIB_BASE(insn->sib.bytes[0]) == 5))
			n = 4;
	}
	if (!take_many(insn, &insn->displacement, n))
		return -EINVAL;
	insn->sib.got = insn->displacement.got = 1;
	return 0;
}
EXPORT_SYMBOL(insn_get_displacement);

/* Bytes of the immediate operand. */
static int immediate_size(const struct insn *insn)
{
	u8 op = insn->opcode.bytes[insn->opcode.nbytes - 1];
	int full = insn->opnd_bytes == 2 ? 2 : 4;

	if (insn->opcode.nbytes == 3)
		return insn->opcode.bytes[1] == 0x3a ? 1 : 0;
	if (insn->opcode.nbytes == 2) {
		if (op >= 0x80 && op <= 0x8f)
			return 4;
		return (op >= 0x70 && op <= 0x73) || op == 0xa4 || op == 0xac || op == 0xba || op == 0xc2 ||
		       (op >= 0xc4 && op <= 0xc6) ? 1 : 0;
	}
	if (op < 0x40)
		return (op & 7) == 4 ? 1 : (op & 7) == 5 ? full : 0;
	if (op >= 0xa0 && op <= 0xa3)
		return insn->addr_bytes;
	if (op >= 0xb0 && op <= 0xb7)
		return 1;
	if (op >= 0xb8 && op <= 0xbf)
		return insn->opnd_bytes == 8 ? 8 : full;
	switch (op) {
	case 0x68: case 0x69: case 0x81: case 0xa9: case 0xc7:
		return full;
	case 0x6a: case 0x6b: case 0x80: case 0x83: case 0xa8: case 0xc0: case 0xc1: case 0xc6: case 0xcd: case 0xd4:
	case 0xd5: case 0xe4 ... 0xe7: case 0xeb: case 0x70 ... 0x7f: case 0xe0 ... 0xe3:
		return 1;
	case 0xc2: case 0xca:
		return 2;
	case 0xc8:
		return 3;
	case 0xe8: case 0xe9:
		return 4;
	case 0xf6:
		return X86_MODRM_REG(insn->modrm.bytes[0]) < 2 ? 1 : 0;
	case 0xf7:
		return X86_MODRM_REG(insn->modrm.bytes[0]) < 2 ? full : 0;
	default:
		return 0;
	}
}

int insn_get_immediate(struct insn *insn)
{
	int n;

	if (insn->immediate.got)
		return 0;
	if (insn_get_displacement(insn))
		return -EINVAL;
	n = immediate_size(insn);
	if (!take_many(insn, &insn->immediate1, min(n, 4)) || !take_many(insn, &insn->immediate2, n - 4))
		return -EINVAL;
	insn->immediate1.got = insn->immediate2.got = 1;
	return 0;
}
EXPORT_SYMBOL(insn_get_immediate);

int insn_get_length(struct insn *insn)
{
	if (insn->length)
		return 0;
	if (insn_get_immediate(insn))
		return -EINVAL;
	insn->length = insn->next_byte - insn->kaddr;
	return 0;
}
EXPORT_SYMBOL(insn_get_length);

int insn_decode(struct insn *insn, const void *kaddr, int buf_len, enum insn_mode m)
{
	insn_init(insn, kaddr, buf_len, m != INSN_MODE_32);
	return m == INSN_MODE_32 ? -EINVAL : insn_get_length(insn);
}
EXPORT_SYMBOL(insn_decode);
