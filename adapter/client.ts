/** What the client said about itself in `initialize`: how it counts lines and columns, and what it can show. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';

export class Client {
  linesStartAt1 = true;
  columnsStartAt1 = true;
  variableType = false;
  memoryReferences = false;
  memoryEvent = false;
  invalidatedEvent = false;
  progress = false;
  ansi = false;

  /** Takes what an initialize request says; what it does not say stays at the protocol's default. */
  learn(args: P.InitializeRequestArguments): void {
    this.linesStartAt1 = args.linesStartAt1 ?? true;
    this.columnsStartAt1 = args.columnsStartAt1 ?? true;
    this.variableType = args.supportsVariableType ?? false;
    this.memoryReferences = args.supportsMemoryReferences ?? false;
    this.memoryEvent = args.supportsMemoryEvent ?? false;
    this.invalidatedEvent = args.supportsInvalidatedEvent ?? false;
    this.progress = args.supportsProgressReporting ?? false;
    this.ansi = args.supportsANSIStyling ?? false;
  }

  /** Our lines count from 1. */
  toClientLine(line: number): number {
    return this.linesStartAt1 ? line : line - 1;
  }

  fromClientLine(line: number): number {
    return this.linesStartAt1 ? line : line + 1;
  }

  toClientColumn(column: number): number {
    return this.columnsStartAt1 ? column : column - 1;
  }

  fromClientColumn(column: number): number {
    return this.columnsStartAt1 ? column : column + 1;
  }
}
