/** What the shell says of its children: how they ended, and what a job's command was. */
import type { AndOr, CommandNode, Pipeline } from 'unbash';

/** What the shell says of a child that a signal ended. */
export function signalText(signal: number): string {
  const texts: Readonly<Record<number, string>> = {
    1: 'Hangup',
    3: 'Quit',
    4: 'Illegal instruction',
    6: 'Aborted',
    7: 'Bus error',
    8: 'Floating point exception',
    9: 'Killed',
    11: 'Segmentation fault',
    14: 'Alarm clock',
    15: 'Terminated',
  };
  return texts[signal] ?? `Signal ${signal}`;
}

/** A job's command for the jobs listing. */
export function describe(node: AndOr | Pipeline | CommandNode): string {
  switch (node.type) {
    case 'Command':
      return [node.name?.text ?? '', ...node.args.map((argument) => argument.text)].join(' ');
    case 'Pipeline':
      return node.commands.map(describe).join(' | ');
    case 'AndOr':
      return node.commands.map(describe).join(' … ');
    default:
      return node.type.toLowerCase();
  }
}
