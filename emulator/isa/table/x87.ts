/** x87: decoded in full so that lengths and names are right; the machine has no such unit and raises #UD. */
import { type Row, row } from '../row';

const unit = { extension: 'x87' as const };

const memory = (opcode: string, names: string) =>
  names.split(' ').flatMap((word, digit) => {
    const [name = '', size = ''] = word.split(':');
    return name === '-' ? [] : [row('unsupported', name, `${opcode} /${digit} mem`, `M${size}`, unit)];
  });

const register = (opcode: string, operands: string, names: string) =>
  names
    .split(' ')
    .flatMap((name, digit) =>
      name === '-' ? [] : [row('unsupported', name, `${opcode} /${digit} reg`, operands, unit)],
    );

const fixed = (opcode: string, digit: number, names: string) =>
  names
    .split(' ')
    .flatMap((name, rm) =>
      name === '-' ? [] : [row('unsupported', name, `${opcode} /${digit} rm${rm}`, '', unit)],
    );

export const x87: readonly Row[] = [
  row('unsupported', 'fwait', '9b', '', unit),
  ...memory('d8', 'fadd:d fmul:d fcom:d fcomp:d fsub:d fsubr:d fdiv:d fdivr:d'),
  ...register('d8', 'st,T', 'fadd fmul fcom fcomp fsub fsubr fdiv fdivr'),
  ...memory('d9', 'fld:d - fst:d fstp:d fldenv: fldcw:w fnstenv: fnstcw:w'),
  ...register('d9', 'T', 'fld fxch'),
  ...fixed('d9', 2, 'fnop'),
  ...fixed('d9', 4, 'fchs fabs - - ftst fxam'),
  ...fixed('d9', 5, 'fld1 fldl2t fldl2e fldpi fldlg2 fldln2 fldz'),
  ...fixed('d9', 6, 'f2xm1 fyl2x fptan fpatan fxtract fprem1 fdecstp fincstp'),
  ...fixed('d9', 7, 'fprem fyl2xp1 fsqrt fsincos frndint fscale fsin fcos'),
  ...memory('da', 'fiadd:d fimul:d ficom:d ficomp:d fisub:d fisubr:d fidiv:d fidivr:d'),
  ...register('da', 'st,T', 'fcmovb fcmove fcmovbe fcmovu'),
  ...fixed('da', 5, '- fucompp'),
  ...memory('db', 'fild:d fisttp:d fist:d fistp:d - fld:t - fstp:t'),
  ...register('db', 'st,T', 'fcmovnb fcmovne fcmovnbe fcmovnu - fucomi fcomi'),
  ...fixed('db', 4, '- - fnclex fninit'),
  ...memory('dc', 'fadd:q fmul:q fcom:q fcomp:q fsub:q fsubr:q fdiv:q fdivr:q'),
  ...register('dc', 'T,st', 'fadd fmul - - fsubr fsub fdivr fdiv'),
  ...memory('dd', 'fld:q fisttp:q fst:q fstp:q frstor: - fnsave: fnstsw:w'),
  ...register('dd', 'T', 'ffree - fst fstp fucom fucomp'),
  ...memory('de', 'fiadd:w fimul:w ficom:w ficomp:w fisub:w fisubr:w fidiv:w fidivr:w'),
  ...register('de', 'T,st', 'faddp fmulp - - fsubrp fsubp fdivrp fdivp'),
  ...fixed('de', 3, '- fcompp'),
  ...memory('df', 'fild:w fisttp:w fist:w fistp:w fbld:t fild:q fbstp:t fistp:q'),
  row('unsupported', 'fnstsw', 'df /4 rm0', 'ax', unit),
  ...register('df', 'st,T', '- - - - - fucomip fcomip'),
];
