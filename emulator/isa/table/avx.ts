/**
 * AVX and AVX2 (VEX): names, operand shapes and lengths only; the machine has no vector unit and raises #UD.
 *
 * Most are derived from the SSE lines: a `v` before the name, 128 or 256 bits by VEX.L, and a third operand in VEX.vvvv
 * where SSE overwrites its first source. EVEX (AVX-512) and XOP have one row
 * each: decode.ts measures the length of such an instruction without knowing its name.
 */
import { type Row, row } from '../row';
import { type VectorLine, vectorLines } from './sse';

const vector = { extension: 'avx' as const };

/** SSE instructions whose destination is not a source too, so that VEX.vvvv stays unused. */
const unary =
  /^(mov(?!hlps|lhps|hp|lp|ss|sd)|lddqu|u?comis|cvt(?!si2|ss2sd|sd2ss)|sqrtp|rsqrtps|rcpps|pshuf[dhl]|pmov|pabs|ptest|phminposuw|pextr|extractps|roundp|pcmp[ei]str|aesimc|aeskeygen|maskmov|movmsk|ldmxcsr|stmxcsr)/;

function derived(line: VectorLine): Row[] {
  const { mnemonic, operands } = line;
  if (/[PQN]/.test(operands) || !/[VWU]/.test(operands)) return [];
  if (/^(sha|crc|movnts[sd]|extrq|insertq|.*blendv)/.test(mnemonic)) return [];
  const parts = operands
    .replace(/\bWo\b/g, 'Wx')
    .replace(/\bMo\b/g, 'Mx')
    .split(',');
  const shiftByImmediate = parts[0] === 'U' && parts[1] === 'Ib';
  const loads = parts[0] === 'V' && parts.length > 1;
  if (shiftByImmediate) parts.unshift('H');
  else if (loads && !unary.test(mnemonic) && !/^mov[hl]p/.test(mnemonic)) parts.splice(1, 0, 'H');
  else if (loads && /^mov[hl]p/.test(mnemonic)) parts.splice(1, 0, 'H');
  const scalarMove = /^movs[sd]$/.test(mnemonic);
  if (scalarMove) parts.splice(0, parts.length, ...operands.split(','));
  const words = scalarMove ? 'mem' : line.words;
  const encoding = ['vex', line.prefix, line.map, line.opcode, words].join(' ').trim();
  return [row('unsupported', `v${mnemonic}`, encoding, parts.join(','), vector)];
}

const own: readonly (readonly [string, string, string])[] = [
  ['vzeroupper', 'vex l0 np 0f 77', ''],
  ['vzeroall', 'vex l1 np 0f 77', ''],
  ['vldmxcsr', 'vex np 0f ae /2 mem', 'Md'],
  ['vstmxcsr', 'vex np 0f ae /3 mem', 'Md'],
  ['vmovss', 'vex f3 0f 10 reg', 'V,H,U'],
  ['vmovss', 'vex f3 0f 11 reg', 'U,H,V'],
  ['vmovsd', 'vex f2 0f 10 reg', 'V,H,U'],
  ['vmovsd', 'vex f2 0f 11 reg', 'U,H,V'],
  ['vbroadcastss', 'vex 66 0f 38 18', 'V,Wd'],
  ['vbroadcastsd', 'vex 66 0f 38 19', 'V,Wq'],
  ['vbroadcastf128', 'vex 66 0f 38 1a mem', 'V,Mo'],
  ['vbroadcasti128', 'vex 66 0f 38 5a mem', 'V,Mo'],
  ['vpbroadcastd', 'vex 66 0f 38 58', 'V,Wd'],
  ['vpbroadcastq', 'vex 66 0f 38 59', 'V,Wq'],
  ['vpbroadcastb', 'vex 66 0f 38 78', 'V,Wb'],
  ['vpbroadcastw', 'vex 66 0f 38 79', 'V,Ww'],
  ['vpermilps', 'vex 66 0f 38 0c', 'V,H,Wx'],
  ['vpermilpd', 'vex 66 0f 38 0d', 'V,H,Wx'],
  ['vtestps', 'vex 66 0f 38 0e', 'V,Wx'],
  ['vtestpd', 'vex 66 0f 38 0f', 'V,Wx'],
  ['vcvtph2ps', 'vex 66 0f 38 13', 'V,Wq'],
  ['vpermps', 'vex 66 0f 38 16', 'V,H,Wx'],
  ['vpermd', 'vex 66 0f 38 36', 'V,H,Wx'],
  ['vmaskmovps', 'vex 66 0f 38 2c mem', 'V,H,Mx'],
  ['vmaskmovpd', 'vex 66 0f 38 2d mem', 'V,H,Mx'],
  ['vmaskmovps', 'vex 66 0f 38 2e mem', 'Mx,H,V'],
  ['vmaskmovpd', 'vex 66 0f 38 2f mem', 'Mx,H,V'],
  ['vpsrlv', 'vex 66 0f 38 45', 'V,H,Wx'],
  ['vpsravd', 'vex 66 0f 38 46', 'V,H,Wx'],
  ['vpsllv', 'vex 66 0f 38 47', 'V,H,Wx'],
  ['vpmaskmov', 'vex 66 0f 38 8c mem', 'V,H,Mx'],
  ['vpmaskmov', 'vex 66 0f 38 8e mem', 'Mx,H,V'],
  ['vpermq', 'vex w1 66 0f 3a 00', 'V,Wx,Ib'],
  ['vpermpd', 'vex w1 66 0f 3a 01', 'V,Wx,Ib'],
  ['vpblendd', 'vex 66 0f 3a 02', 'V,H,Wx,Ib'],
  ['vpermilps', 'vex 66 0f 3a 04', 'V,Wx,Ib'],
  ['vpermilpd', 'vex 66 0f 3a 05', 'V,Wx,Ib'],
  ['vperm2f128', 'vex 66 0f 3a 06', 'V,H,Wx,Ib'],
  ['vinsertf128', 'vex 66 0f 3a 18', 'V,H,Wo,Ib'],
  ['vextractf128', 'vex 66 0f 3a 19', 'Wo,V,Ib'],
  ['vcvtps2ph', 'vex 66 0f 3a 1d', 'Wq,V,Ib'],
  ['vinserti128', 'vex 66 0f 3a 38', 'V,H,Wo,Ib'],
  ['vextracti128', 'vex 66 0f 3a 39', 'Wo,V,Ib'],
  ['vperm2i128', 'vex 66 0f 3a 46', 'V,H,Wx,Ib'],
  ['vblendvps', 'vex 66 0f 3a 4a', 'V,H,Wx,L'],
  ['vblendvpd', 'vex 66 0f 3a 4b', 'V,H,Wx,L'],
  ['vpblendvb', 'vex 66 0f 3a 4c', 'V,H,Wx,L'],
];

/** AVX-512's mask instructions, which are VEX-coded: `opcode name` for the lengths' sake, without operands' names. */
const masks =
  '41 kand,42 kandn,44 knot,45 kor,46 kxnor,47 kxor,4a kadd,4b kunpck,90 kmov,91 kmov,92 kmov,93 kmov,98 kortest,99 ktest';

const mask: Row[] = masks.split(',').flatMap((line) => {
  const [opcode = '', name = ''] = line.split(' ');
  const third =
    opcode < '50' && name !== 'knot' ? 'V,H,U' : opcode === '91' ? 'Mq,V' : opcode === '90' ? 'V,Wq' : 'V,U';
  return ['np', '66', 'f2'].map((prefix) =>
    row('unsupported', name, `vex ${prefix} 0f ${opcode}`, third, vector),
  );
});

/** Their shifts by a constant. */
const maskShifts: Row[] = ['30 kshiftr', '31 kshiftr', '32 kshiftl', '33 kshiftl'].map((line) => {
  const [opcode, name = ''] = line.split(' ');
  return row('unsupported', name, `vex 66 0f 3a ${opcode}`, 'V,U,Ib', vector);
});

const fused = [
  'fmaddsub',
  'fmsubadd',
  'fmadd',
  'fmadd',
  'fmsub',
  'fmsub',
  'fnmadd',
  'fnmadd',
  'fnmsub',
  'fnmsub',
];

/** FMA: 0F 38 96…9F, A6…AF, B6…BF; the order of operands is in the name, single or double in VEX.W. */
const fma: Row[] = [0x90, 0xa0, 0xb0].flatMap((base, order) =>
  fused.flatMap((name, index) => {
    const packed = index < 2 || index % 2 === 0;
    const form = ['132', '213', '231'][order] ?? '';
    return (['w0', 'w1'] as const).map((w) => {
      const kind = (packed ? 'p' : 's') + (w === 'w0' ? 's' : 'd');
      const memory = packed ? 'Wx' : w === 'w0' ? 'Wd' : 'Wq';
      const encoding = `vex ${w} 66 0f 38 ${(base + 6 + index).toString(16)}`;
      return row('unsupported', `v${name}${form}${kind}`, encoding, `V,H,${memory}`, vector);
    });
  }),
);

export const avx: readonly Row[] = [
  ...vectorLines.flatMap(derived),
  ...own.map(([mnemonic, encoding, operands]) => row('unsupported', mnemonic, encoding, operands, vector)),
  ...mask,
  ...maskShifts,
  ...fma,
  row('unsupported', 'evex', '62 /r', '', vector),
  row('unsupported', 'xop', '8f /r', '', { extension: 'other', alternative: true }),
];
