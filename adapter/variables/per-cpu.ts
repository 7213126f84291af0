/**
 * Per-CPU variables: the stopped CPU's copies first, then each other CPU's in a group of its own.
 *
 * A name in an expression means the copy of the frame's CPU; the other copies are reached by their address.
 */
import { programOf } from '../../emulator/inspect/program';
import { typeName } from '../../emulator/inspect/type-name';
import { hex, inMemory } from '../../emulator/inspect/value';
import type { ViewFrame } from '../target/frames';
import type { Target } from '../target/target';
import type { Row } from './container';

export function perCpuRows(frame: ViewFrame, target: Target): Row[] {
  const own = copies(frame.cpu, frame, target);
  const others = target.lab.machine.cpus.filter(({ index, started }) => started && index !== frame.cpu);
  return [
    ...own,
    ...others.map(
      ({ index }): Row => ({
        name: `CPU ${index}`,
        content: { text: 'its copies', rows: () => copies(index, frame, target) },
        evaluateName: undefined,
        holder: undefined,
      }),
    ),
  ];
}

function copies(cpu: number, frame: ViewFrame, target: Target): Row[] {
  const shift = target.lab.kernel.perCpuOffset(cpu);
  return target.lab.kernel.images.all().flatMap(({ image }) => {
    const { graph } = programOf(image);
    return image.debug.globals
      .filter(({ perCpu }) => perCpu)
      .flatMap((variable): Row[] => {
        const type = graph.get(variable.type);
        const { imageOffset, symbol } = variable;
        const linked =
          imageOffset === undefined
            ? target.lab.kernel.symbols.lookup(symbol)?.address
            : image.base + BigInt(imageOffset);
        if (linked === undefined) return [];
        const value = inMemory(type, linked + shift);
        const address = value.place.kind === 'memory' ? value.place.address : 0n;
        return [
          {
            name: variable.name,
            content: { value },
            evaluateName: cpu === frame.cpu ? variable.name : `*(${typeName(type, '*')})${hex(address)}`,
            holder: undefined,
            declaration: { file: image.debug.files[variable.file] ?? '', line: variable.line, column: 1 },
          },
        ];
      })
      .sort((a, b) => a.name.localeCompare(b.name));
  });
}
