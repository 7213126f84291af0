/**
 * MMX, SSE … SSE4.2, AES, SHA: names, operands and lengths only; the machine has no vector unit and raises #UD.
 *
 * Each line is `opcode | no prefix | 66 | F3 | F2`, each column `mnemonic operands`; a dash is an empty column.
 */
import { type Row, row } from '../row';

const two = `
10 | movups V,Wo | movupd V,Wo | movss V,Wd | movsd V,Wq
11 | movups Wo,V | movupd Wo,V | movss Wd,V | movsd Wq,V
12 mem | movlps V,Mq | movlpd V,Mq | movsldup V,Wo | movddup V,Wq
12 reg | movhlps V,U | - | movsldup V,Wo | movddup V,Wq
13 mem | movlps Mq,V | movlpd Mq,V | - | -
14 | unpcklps V,Wo | unpcklpd V,Wo | - | -
15 | unpckhps V,Wo | unpckhpd V,Wo | - | -
16 mem | movhps V,Mq | movhpd V,Mq | movshdup V,Wo | -
16 reg | movlhps V,U | - | movshdup V,Wo | -
17 mem | movhps Mq,V | movhpd Mq,V | - | -
28 | movaps V,Wo | movapd V,Wo | - | -
29 | movaps Wo,V | movapd Wo,V | - | -
2a | cvtpi2ps V,Qq | cvtpi2pd V,Qq | cvtsi2ss V,Ey | cvtsi2sd V,Ey
2b mem | movntps Mo,V | movntpd Mo,V | movntss Md,V | movntsd Mq,V
2c | cvttps2pi P,Wq | cvttpd2pi P,Wo | cvttss2si Gy,Wd | cvttsd2si Gy,Wq
2d | cvtps2pi P,Wq | cvtpd2pi P,Wo | cvtss2si Gy,Wd | cvtsd2si Gy,Wq
2e | ucomiss V,Wd | ucomisd V,Wq | - | -
2f | comiss V,Wd | comisd V,Wq | - | -
50 reg | movmskps Gd,U | movmskpd Gd,U | - | -
51 | sqrtps V,Wo | sqrtpd V,Wo | sqrtss V,Wd | sqrtsd V,Wq
52 | rsqrtps V,Wo | - | rsqrtss V,Wd | -
53 | rcpps V,Wo | - | rcpss V,Wd | -
54 | andps V,Wo | andpd V,Wo | - | -
55 | andnps V,Wo | andnpd V,Wo | - | -
56 | orps V,Wo | orpd V,Wo | - | -
57 | xorps V,Wo | xorpd V,Wo | - | -
58 | addps V,Wo | addpd V,Wo | addss V,Wd | addsd V,Wq
59 | mulps V,Wo | mulpd V,Wo | mulss V,Wd | mulsd V,Wq
5a | cvtps2pd V,Wq | cvtpd2ps V,Wo | cvtss2sd V,Wd | cvtsd2ss V,Wq
5b | cvtdq2ps V,Wo | cvtps2dq V,Wo | cvttps2dq V,Wo | -
5c | subps V,Wo | subpd V,Wo | subss V,Wd | subsd V,Wq
5d | minps V,Wo | minpd V,Wo | minss V,Wd | minsd V,Wq
5e | divps V,Wo | divpd V,Wo | divss V,Wd | divsd V,Wq
5f | maxps V,Wo | maxpd V,Wo | maxss V,Wd | maxsd V,Wq
60 | punpcklbw P,Qd | punpcklbw V,Wo | - | -
61 | punpcklwd P,Qd | punpcklwd V,Wo | - | -
62 | punpckldq P,Qd | punpckldq V,Wo | - | -
63 | packsswb P,Qq | packsswb V,Wo | - | -
64 | pcmpgtb P,Qq | pcmpgtb V,Wo | - | -
65 | pcmpgtw P,Qq | pcmpgtw V,Wo | - | -
66 | pcmpgtd P,Qq | pcmpgtd V,Wo | - | -
67 | packuswb P,Qq | packuswb V,Wo | - | -
68 | punpckhbw P,Qq | punpckhbw V,Wo | - | -
69 | punpckhwd P,Qq | punpckhwd V,Wo | - | -
6a | punpckhdq P,Qq | punpckhdq V,Wo | - | -
6b | packssdw P,Qq | packssdw V,Wo | - | -
6c | - | punpcklqdq V,Wo | - | -
6d | - | punpckhqdq V,Wo | - | -
6e w0 | movd P,Ed | movd V,Ed | - | -
6e w1 | movq P,Eq | movq V,Eq | - | -
6f | movq P,Qq | movdqa V,Wo | movdqu V,Wo | -
70 | pshufw P,Qq,Ib | pshufd V,Wo,Ib | pshufhw V,Wo,Ib | pshuflw V,Wo,Ib
71 /2 reg | psrlw N,Ib | psrlw U,Ib | - | -
71 /4 reg | psraw N,Ib | psraw U,Ib | - | -
71 /6 reg | psllw N,Ib | psllw U,Ib | - | -
72 /2 reg | psrld N,Ib | psrld U,Ib | - | -
72 /4 reg | psrad N,Ib | psrad U,Ib | - | -
72 /6 reg | pslld N,Ib | pslld U,Ib | - | -
73 /2 reg | psrlq N,Ib | psrlq U,Ib | - | -
73 /3 reg | - | psrldq U,Ib | - | -
73 /6 reg | psllq N,Ib | psllq U,Ib | - | -
73 /7 reg | - | pslldq U,Ib | - | -
74 | pcmpeqb P,Qq | pcmpeqb V,Wo | - | -
75 | pcmpeqw P,Qq | pcmpeqw V,Wo | - | -
76 | pcmpeqd P,Qq | pcmpeqd V,Wo | - | -
77 | emms | - | - | -
78 | - | - | - | insertq V,U,Ib,Ib
78 /0 reg | - | extrq U,Ib,Ib | - | -
79 reg | - | extrq V,U | - | insertq V,U
7c | - | haddpd V,Wo | - | haddps V,Wo
7d | - | hsubpd V,Wo | - | hsubps V,Wo
7e w0 | movd Ed,P | movd Ed,V | movq V,Wq | -
7e w1 | movq Eq,P | movq Eq,V | movq V,Wq | -
7f | movq Qq,P | movdqa Wo,V | movdqu Wo,V | -
ae /0 mem | fxsave M | - | - | -
ae /1 mem | fxrstor M | - | - | -
ae /2 mem | ldmxcsr Md | - | - | -
ae /3 mem | stmxcsr Md | - | - | -
ae /4 mem | xsave M | - | - | -
ae /5 mem | xrstor M | - | - | -
ae /6 mem | xsaveopt M | - | - | -
c2 | cmpps V,Wo,Ib | cmppd V,Wo,Ib | cmpss V,Wd,Ib | cmpsd V,Wq,Ib
c3 mem | movnti My,Gy | - | - | -
c4 reg | pinsrw P,Rd,Ib | pinsrw V,Rd,Ib | - | -
c4 mem | pinsrw P,Mw,Ib | pinsrw V,Mw,Ib | - | -
c5 reg | pextrw Gd,N,Ib | pextrw Gd,U,Ib | - | -
c6 | shufps V,Wo,Ib | shufpd V,Wo,Ib | - | -
d0 | - | addsubpd V,Wo | - | addsubps V,Wo
d1 | psrlw P,Qq | psrlw V,Wo | - | -
d2 | psrld P,Qq | psrld V,Wo | - | -
d3 | psrlq P,Qq | psrlq V,Wo | - | -
d4 | paddq P,Qq | paddq V,Wo | - | -
d5 | pmullw P,Qq | pmullw V,Wo | - | -
d6 | - | movq Wq,V | movq2dq V,N | movdq2q P,U
d7 reg | pmovmskb Gd,N | pmovmskb Gd,U | - | -
d8 | psubusb P,Qq | psubusb V,Wo | - | -
d9 | psubusw P,Qq | psubusw V,Wo | - | -
da | pminub P,Qq | pminub V,Wo | - | -
db | pand P,Qq | pand V,Wo | - | -
dc | paddusb P,Qq | paddusb V,Wo | - | -
dd | paddusw P,Qq | paddusw V,Wo | - | -
de | pmaxub P,Qq | pmaxub V,Wo | - | -
df | pandn P,Qq | pandn V,Wo | - | -
e0 | pavgb P,Qq | pavgb V,Wo | - | -
e1 | psraw P,Qq | psraw V,Wo | - | -
e2 | psrad P,Qq | psrad V,Wo | - | -
e3 | pavgw P,Qq | pavgw V,Wo | - | -
e4 | pmulhuw P,Qq | pmulhuw V,Wo | - | -
e5 | pmulhw P,Qq | pmulhw V,Wo | - | -
e6 | - | cvttpd2dq V,Wo | cvtdq2pd V,Wq | cvtpd2dq V,Wo
e7 mem | movntq Mq,P | movntdq Mo,V | - | -
e8 | psubsb P,Qq | psubsb V,Wo | - | -
e9 | psubsw P,Qq | psubsw V,Wo | - | -
ea | pminsw P,Qq | pminsw V,Wo | - | -
eb | por P,Qq | por V,Wo | - | -
ec | paddsb P,Qq | paddsb V,Wo | - | -
ed | paddsw P,Qq | paddsw V,Wo | - | -
ee | pmaxsw P,Qq | pmaxsw V,Wo | - | -
ef | pxor P,Qq | pxor V,Wo | - | -
f0 mem | - | - | - | lddqu V,Mo
f1 | psllw P,Qq | psllw V,Wo | - | -
f2 | pslld P,Qq | pslld V,Wo | - | -
f3 | psllq P,Qq | psllq V,Wo | - | -
f4 | pmuludq P,Qq | pmuludq V,Wo | - | -
f5 | pmaddwd P,Qq | pmaddwd V,Wo | - | -
f6 | psadbw P,Qq | psadbw V,Wo | - | -
f7 reg | maskmovq P,N | maskmovdqu V,U | - | -
f8 | psubb P,Qq | psubb V,Wo | - | -
f9 | psubw P,Qq | psubw V,Wo | - | -
fa | psubd P,Qq | psubd V,Wo | - | -
fb | psubq P,Qq | psubq V,Wo | - | -
fc | paddb P,Qq | paddb V,Wo | - | -
fd | paddw P,Qq | paddw V,Wo | - | -
fe | paddd P,Qq | paddd V,Wo | - | -
c7 /3 mem | xrstors M | - | - | -
c7 /4 mem | xsavec M | - | - | -
c7 /5 mem | xsaves M | - | - | -
`;

const three38 = `
00 | pshufb P,Qq | pshufb V,Wo | - | -
01 | phaddw P,Qq | phaddw V,Wo | - | -
02 | phaddd P,Qq | phaddd V,Wo | - | -
03 | phaddsw P,Qq | phaddsw V,Wo | - | -
04 | pmaddubsw P,Qq | pmaddubsw V,Wo | - | -
05 | phsubw P,Qq | phsubw V,Wo | - | -
06 | phsubd P,Qq | phsubd V,Wo | - | -
07 | phsubsw P,Qq | phsubsw V,Wo | - | -
08 | psignb P,Qq | psignb V,Wo | - | -
09 | psignw P,Qq | psignw V,Wo | - | -
0a | psignd P,Qq | psignd V,Wo | - | -
0b | pmulhrsw P,Qq | pmulhrsw V,Wo | - | -
10 | - | pblendvb V,Wo,xmm0 | - | -
14 | - | blendvps V,Wo,xmm0 | - | -
15 | - | blendvpd V,Wo,xmm0 | - | -
17 | - | ptest V,Wo | - | -
1c | pabsb P,Qq | pabsb V,Wo | - | -
1d | pabsw P,Qq | pabsw V,Wo | - | -
1e | pabsd P,Qq | pabsd V,Wo | - | -
20 | - | pmovsxbw V,Wq | - | -
21 | - | pmovsxbd V,Wd | - | -
22 | - | pmovsxbq V,Ww | - | -
23 | - | pmovsxwd V,Wq | - | -
24 | - | pmovsxwq V,Wd | - | -
25 | - | pmovsxdq V,Wq | - | -
28 | - | pmuldq V,Wo | - | -
29 | - | pcmpeqq V,Wo | - | -
2a mem | - | movntdqa V,Mo | - | -
2b | - | packusdw V,Wo | - | -
30 | - | pmovzxbw V,Wq | - | -
31 | - | pmovzxbd V,Wd | - | -
32 | - | pmovzxbq V,Ww | - | -
33 | - | pmovzxwd V,Wq | - | -
34 | - | pmovzxwq V,Wd | - | -
35 | - | pmovzxdq V,Wq | - | -
37 | - | pcmpgtq V,Wo | - | -
38 | - | pminsb V,Wo | - | -
39 | - | pminsd V,Wo | - | -
3a | - | pminuw V,Wo | - | -
3b | - | pminud V,Wo | - | -
3c | - | pmaxsb V,Wo | - | -
3d | - | pmaxsd V,Wo | - | -
3e | - | pmaxuw V,Wo | - | -
3f | - | pmaxud V,Wo | - | -
40 | - | pmulld V,Wo | - | -
41 | - | phminposuw V,Wo | - | -
c8 | sha1nexte V,Wo | - | - | -
c9 | sha1msg1 V,Wo | - | - | -
ca | sha1msg2 V,Wo | - | - | -
cb | sha256rnds2 V,Wo,xmm0 | - | - | -
cc | sha256msg1 V,Wo | - | - | -
cd | sha256msg2 V,Wo | - | - | -
cf | - | gf2p8mulb V,Wo | - | -
db | - | aesimc V,Wo | - | -
dc | - | aesenc V,Wo | - | -
dd | - | aesenclast V,Wo | - | -
de | - | aesdec V,Wo | - | -
df | - | aesdeclast V,Wo | - | -
f0 | - | - | - | crc32 Gy,Eb
f1 | - | - | - | crc32 Gy,Ev
`;

const three3a = `
08 | - | roundps V,Wo,Ib | - | -
09 | - | roundpd V,Wo,Ib | - | -
0a | - | roundss V,Wd,Ib | - | -
0b | - | roundsd V,Wq,Ib | - | -
0c | - | blendps V,Wo,Ib | - | -
0d | - | blendpd V,Wo,Ib | - | -
0e | - | pblendw V,Wo,Ib | - | -
0f | palignr P,Qq,Ib | palignr V,Wo,Ib | - | -
14 reg | - | pextrb Rd,V,Ib | - | -
14 mem | - | pextrb Mb,V,Ib | - | -
15 reg | - | pextrw Rd,V,Ib | - | -
15 mem | - | pextrw Mw,V,Ib | - | -
16 w0 | - | pextrd Ed,V,Ib | - | -
16 w1 | - | pextrq Eq,V,Ib | - | -
17 | - | extractps Ed,V,Ib | - | -
20 reg | - | pinsrb V,Rd,Ib | - | -
20 mem | - | pinsrb V,Mb,Ib | - | -
21 | - | insertps V,Wd,Ib | - | -
22 w0 | - | pinsrd V,Ed,Ib | - | -
22 w1 | - | pinsrq V,Eq,Ib | - | -
40 | - | dpps V,Wo,Ib | - | -
41 | - | dppd V,Wo,Ib | - | -
42 | - | mpsadbw V,Wo,Ib | - | -
44 | - | pclmulqdq V,Wo,Ib | - | -
60 | - | pcmpestrm V,Wo,Ib | - | -
61 | - | pcmpestri V,Wo,Ib | - | -
62 | - | pcmpistrm V,Wo,Ib | - | -
63 | - | pcmpistri V,Wo,Ib | - | -
cc | sha1rnds4 V,Wo,Ib | - | - | -
ce | - | gf2p8affineqb V,Wo,Ib | - | -
cf | - | gf2p8affineinvqb V,Wo,Ib | - | -
df | - | aeskeygenassist V,Wo,Ib | - | -
`;

/** One vector instruction as the lists above write it; avx.ts derives the VEX forms from the same lines. */
export interface VectorLine {
  map: string;
  /** Opcode byte, then ModRM and REX.W words. */
  opcode: string;
  words: string;
  prefix: string;
  mnemonic: string;
  operands: string;
}

const prefixes = ['np', '66', 'f3', 'f2'];

function lines(map: string, text: string): VectorLine[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [head = '', ...columns] = line.split('|').map((part) => part.trim());
      const [opcode = '', ...words] = head.split(' ');
      return columns.flatMap((column, index) => {
        if (column === '-') return [];
        const [mnemonic = '', operands = ''] = column.split(' ');
        return [{ map, opcode, words: words.join(' '), prefix: prefixes[index] ?? '', mnemonic, operands }];
      });
    });
}

export const vectorLines: readonly VectorLine[] = [
  ...lines('0f', two),
  ...lines('0f 38', three38),
  ...lines('0f 3a', three3a),
];

function extensionOf(line: VectorLine): 'mmx' | 'xsave' | 'sse' {
  if (/^(fx|x)(save|rstor)/.test(line.mnemonic)) return 'xsave';
  return /[PQN]/.test(line.operands) || line.mnemonic === 'emms' ? 'mmx' : 'sse';
}

export const sse: readonly Row[] = [
  ...vectorLines.map((line) =>
    row(
      'unsupported',
      line.mnemonic,
      [line.prefix, line.map, line.opcode, line.words].join(' ').trim(),
      line.operands,
      { extension: extensionOf(line) },
    ),
  ),
  row('unsupported', 'femms', '0f 0e', '', { extension: '3dnow' }),
  row('unsupported', '3dnow', '0f 0f 00', 'P,Qq,Ib', { extension: '3dnow' }),
];
