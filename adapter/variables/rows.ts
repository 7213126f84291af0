/**
 * The rows of each container: scopes list variables, registers or facts about a probe; values list members or elements.
 */

import type { Cpu } from '../../emulator/cpu/cpu';
import { childrenOf, type Page } from '../../emulator/inspect/children';
import { CR0, CR4, EFER, type FlagSet, flagNames, KPROBE_FLAGS, RFLAGS } from '../../emulator/inspect/flags';
import { hexOf } from '../../emulator/inspect/format';
import { REGISTER_ORDER, registerValue } from '../../emulator/inspect/registers';
import { hex, inMemory } from '../../emulator/inspect/value';
import type { ProbeInfo } from '../../emulator/kprobes/types';
import type { ViewFrame } from '../target/frames';
import type { Target } from '../target/target';
import type { Container, Row } from './container';
import { perCpuRows } from './per-cpu';

/** The rows of a container; of a value, the page of its children that is asked for. */
export function rowsOf(container: Container, target: Target, page: Page): readonly Row[] {
  switch (container.kind) {
    case 'arguments':
    case 'locals':
      return variableRows(container.frame, container.kind === 'arguments');
    case 'returnValue':
      return returnRows(container.frame);
    case 'registers':
      return registerRows(container.frame, target);
    case 'statics':
      return staticRows(container.frame);
    case 'probe':
      return probeRows(container.frame, target);
    case 'perCpu':
      return perCpuRows(container.frame, target);
    case 'rows':
      return container.rows();
    case 'value': {
      const { frame, value, path, about } = container;
      const describer = target.inspector.describer(frame.cpu, frame.scope);
      return childrenOf(value, path, about, describer, page).map(({ value: inner, ...child }) => ({
        ...child,
        content: { value: inner },
      }));
    }
  }
}

function variableRows(frame: ViewFrame, parameters: boolean): Row[] {
  const { code } = frame.scope.context;
  const files = code?.program.image.debug.files ?? [];
  return frame.scope
    .locals()
    .filter((local) => local.parameter === parameters)
    .map(({ name, value, file, line }) => ({
      name,
      content: { value },
      evaluateName: name,
      holder: undefined,
      declaration: { file: files[file] ?? '', line, column: 1 },
    }));
}

function returnRows(frame: ViewFrame): Row[] {
  const value = frame.scope.returnValue();
  if (!value) return [];
  return [{ name: `${frame.name}()`, content: { value }, evaluateName: '$retval', holder: frame.name }];
}

function registerRows(frame: ViewFrame, target: Target): Row[] {
  const file = frame.registers;
  if (!file) return [];
  const rows: Row[] = [];
  for (const name of REGISTER_ORDER) {
    const known = file.get(name);
    const value = registerValue(file, name);
    if (known === undefined || !value) continue;
    const evaluateName = `$${name}`;
    // Addresses keep their type so that symbols show; flags by name; the rest reads best in hexadecimal.
    if (name === 'ip') rows.push({ name, content: { value }, evaluateName, holder: undefined });
    else {
      const decoded = name === 'flags' ? ` (${flagNames(known, RFLAGS)})` : '';
      const content = { text: hexOf(known, 8) + decoded, type: 'unsigned long' };
      rows.push({ name, content, evaluateName, holder: 'pt_regs', memoryReference: hex(known) });
    }
  }
  if (frame.top) {
    const cpu = target.inspector.cpu(frame.cpu);
    rows.push({
      name: 'system registers',
      content: { text: `of CPU ${frame.cpu}`, rows: () => systemRows(cpu) },
      evaluateName: undefined,
      holder: undefined,
    });
  }
  return rows;
}

/** What an exception does not save: they are the CPU's at this moment. */
function systemRows(cpu: Cpu): Row[] {
  const plain = (name: string, value: bigint) => fact(name, hex(value), hex(value));
  const flagged = (name: string, value: bigint, set: FlagSet) =>
    fact(name, `${hex(value)} (${flagNames(value, set)})`);
  const tables = (['gdtr', 'idtr', 'tss', 'ldt'] as const).map((name) => {
    const { base, limit } = cpu.table(name);
    return fact(name, `base ${hex(base)}, limit 0x${limit.toString(16)}`, hex(base));
  });
  return [
    fact('cpl', String(cpu.cpl)),
    flagged('cr0', cpu.cr0, CR0),
    plain('cr2', cpu.cr2),
    plain('cr3', cpu.cr3),
    flagged('cr4', cpu.cr4, CR4),
    flagged('efer', cpu.efer, EFER),
    plain('fs_base', cpu.fsBase),
    plain('gs_base', cpu.gsBase),
    plain('kernel_gs_base', cpu.kernelGsBase),
    ...tables,
  ];
}

/** Variables with static storage of the file that the frame is in. */
function staticRows(frame: ViewFrame): Row[] {
  const { code } = frame.scope.context;
  if (!code) return [];
  const { program, within } = code;
  return program.image.debug.globals
    .filter((one) => one.file === within.file)
    .flatMap((one): Row[] => {
      const value = frame.scope.variable(one.name);
      if (!value) return [];
      const declaration = { file: program.image.debug.files[one.file] ?? '', line: one.line, column: 1 };
      return [{ name: one.name, content: { value }, evaluateName: one.name, holder: undefined, declaration }];
    });
}

/** The probes at the place that was hit, the editor's own and others'. */
function probeRows(frame: ViewFrame, target: Target): Row[] {
  const hit = target.stop?.hit;
  if (!hit) return [];
  const here = target.lab.kprobes.list().filter((info) => info.address === hit.address);
  const own = here.find((info) => info.hostId === hit.probe.id);
  const rows = own ? factRows(own, target) : [];
  const type = frame.scope.record('struct', 'kprobe');
  if (own && type) {
    rows.push({
      name: 'struct kprobe',
      content: { value: inMemory(type, own.kprobe) },
      evaluateName: `*(struct kprobe *)${hex(own.kprobe)}`,
      holder: undefined,
    });
  }
  for (const other of here) {
    if (other === own) continue;
    const text = `${other.owner}${other.module === undefined ? '' : ` ${other.module}`}: ${other.kind}, ${other.hits} hits, ${other.nmissed} missed`;
    rows.push(fact('also here', text));
  }
  return rows;
}

function factRows(info: ProbeInfo, target: Target): Row[] {
  const offset = info.offset === 0 ? '' : `+0x${info.offset.toString(16)}`;
  const original = target.lab.kprobes.originalText(info.address, 1)?.[0];
  const rows = [
    fact('addr', `${hex(info.address)} <${info.symbol}${offset}>`, hex(info.address)),
    fact('kind', info.kind),
    fact('opcode', `0x${info.opcode.toString(16)} saved, 0x${info.currentByte.toString(16)} in memory now`),
    fact('flags', `0x${info.flags.toString(16)} (${flagNames(BigInt(info.flags), KPROBE_FLAGS)})`),
    fact('hits', String(info.hits)),
    fact('nmissed', String(info.nmissed)),
    fact('path', `${info.path.path}: ${info.path.why}`),
  ];
  if (info.maxactive !== undefined) {
    rows.push(
      fact('maxactive', String(info.maxactive)),
      fact('nmissed (return)', String(info.nmissedReturn)),
    );
  }
  for (const { linux, sentence, count } of info.reasons)
    rows.push(fact(linux, count > 1 ? `${sentence} (${count} times)` : sentence));
  if (original !== undefined && original !== info.opcode)
    rows.push(fact('original byte', `0x${original.toString(16)}`));
  return rows;
}

function fact(name: string, text: string, memoryReference?: string): Row {
  return { name, content: { text }, evaluateName: undefined, holder: undefined, memoryReference };
}

/** True when the frame's file has variables of its own. */
export function hasStatics(frame: ViewFrame): boolean {
  const { code } = frame.scope.context;
  return code?.program.image.debug.globals.some((one) => one.file === code.within.file) ?? false;
}
